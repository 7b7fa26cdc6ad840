"""From code to value: what the bits mean, by the definition alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explainer.formats.number_format import NumberFormat


class Fields(NamedTuple):
    """The parts of a code, as unsigned integers.

    Args:
        sign: 1 for negative; None where no bit is a sign.
        exponent: The field as stored, the bias still in it; None unless a float.
        mantissa: The field, the leading one left out; of an integer the bits after the sign; None
            where there is no such field.
        meaning: `normal`, `subnormal`, `zero`, `infinity` or `nan`.
    """

    sign: int | None
    exponent: int | None
    mantissa: int | None
    meaning: str


def decode(format: NumberFormat, codes: npt.ArrayLike | int) -> npt.NDArray[np.float64]:
    r"""Return the value of each code, exactly: every value of every format is a float64.

    $(-1)^s \cdot M' \cdot 2^{e - p}$, where $M' = 2^p + M$ and $e = E - \text{bias}$, or $M' = M$
    and $e = 1 - \text{bias}$ if the number is subnormal.

    Args:
        format: How to read them.
        codes: Unsigned integers, 0 to 2**bits - 1, any shape.

    Returns:
        Values in the shape of `codes`.

    Raises:
        ValueError: If a code needs more bits than the format has.
        TypeError: If the codes are no integers.

    Examples:
        >>> from explainer.formats import BFLOAT16, FLOAT4_E2M1FN
        >>> decode(FLOAT4_E2M1FN, range(8)).tolist()
        [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0]
        >>> float(decode(BFLOAT16, 0b0_01111011_1001101))
        0.10009765625
    """
    given = _checked(format, codes)
    code = given.ravel()
    if format.kind == "codebook":
        return np.asarray(format.values)[code.astype(np.int64)].reshape(given.shape)
    if format.kind == "integer":
        value = code.astype(np.int64)
        wraps = format.signed & (value > format.largest_code)
        value = np.where(wraps, value - 2**format.bits, value)
        return value.astype(np.float64).reshape(given.shape)
    return _float_values(format, code).reshape(given.shape)


def _float_values(format: NumberFormat, code: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    p, one = format.mantissa_bits, np.uint64(1)
    magnitude = code & _low_bits(format.bits - format.signed)
    # Special codes are replaced at the end; until then they may not overflow.
    finite = np.minimum(magnitude, np.uint64(format.largest_code))
    exponent = (finite >> np.uint64(p)).astype(np.int64)
    normal = (exponent > 0) | (not format.subnormals)
    significand = (finite & _low_bits(p)) + (normal * (one << np.uint64(p)))
    exponent = np.maximum(exponent, 1) if format.subnormals else exponent
    value = np.ldexp(significand.astype(np.float64), exponent - format.bias - p)
    value = np.where(magnitude > np.uint64(format.largest_code), np.nan, value)
    if format.has_infinity:
        value = np.where(magnitude == np.uint64(format.largest_code + 1), np.inf, value)
    negative = (code >> np.uint64(format.bits - 1)) & one if format.signed else np.uint64(0)
    found: npt.NDArray[np.float64] = np.where(negative == one, -value, value)
    return found


def fields(format: NumberFormat, code: int) -> Fields:
    """Return the parts of one code, and what kind of number it is.

    Args:
        format: How to read it.
        code: 0 to 2**bits - 1.

    Returns:
        Sign, exponent field and mantissa.

    Raises:
        ValueError: If the code needs more bits than the format has.

    Examples:
        >>> from explainer.formats import BFLOAT16
        >>> fields(BFLOAT16, 0x3DCD)
        Fields(sign=0, exponent=123, mantissa=77, meaning='normal')
    """
    value = float(decode(format, code))
    meaning = "normal"
    if value == 0:
        meaning = "zero"
    elif np.isnan(value):
        meaning = "nan"
    elif np.isinf(value):
        meaning = "infinity"
    elif format.kind == "float" and abs(value) < format.smallest_normal:
        meaning = "subnormal"
    if format.kind == "codebook":
        return Fields(None, None, None, meaning)
    sign = code >> format.bits - 1 if format.signed else None
    if format.kind == "integer":
        mantissa = code & 2 ** (format.bits - format.signed) - 1
        return Fields(sign, None, mantissa, meaning)
    exponent = code >> format.mantissa_bits & 2**format.exponent_bits - 1
    has_mantissa = format.mantissa_bits > 0
    mantissa = code & 2**format.mantissa_bits - 1
    return Fields(sign, exponent, mantissa if has_mantissa else None, meaning)


def bit_string(format: NumberFormat, code: int, *, separator: str = "") -> str:
    """Return the bits of a code, most significant first.

    Args:
        format: How many bits, and where the parts begin.
        code: 0 to 2**bits - 1.
        separator: What stands between sign, exponent and mantissa.

    Returns:
        `bits` digits 0 and 1, and separators.

    Examples:
        >>> from explainer.formats import BFLOAT16
        >>> bit_string(BFLOAT16, 0x3DCD, separator=" ")
        '0 01111011 1001101'
    """
    digits = f"{code:0{format.bits}b}"
    if format.kind != "float":
        return digits
    first = int(format.signed)
    second = first + format.exponent_bits
    parts = (digits[:first], digits[first:second], digits[second:])
    return separator.join(part for part in parts if part)


def _low_bits(count: int) -> np.uint64:
    return np.uint64(2**count - 1)


def _checked(format: NumberFormat, codes: npt.ArrayLike | int) -> npt.NDArray[np.uint64]:
    found: npt.NDArray[Any] = np.asarray(codes)
    if found.size and found.dtype.kind not in "iu":
        raise TypeError(f"`codes` must be integers, not {found.dtype}")
    if found.size and (int(found.min()) < 0 or int(found.max()) >= 2**format.bits):
        raise ValueError(
            f"`codes` (={int(found.min())} to {int(found.max())}) must be 0 to "
            f"{2**format.bits - 1}: {format.name} has {format.bits} bits"
        )
    return found.astype(np.uint64)
