"""From value to code: the three ways to round, and what happens beyond the largest number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from explainer.formats.number_format import NumberFormat

ROUNDINGS = ("nearest", "toward_zero", "stochastic")
OVERFLOWS = ("standard", "saturate")


def encode(
    format: NumberFormat,
    x: npt.ArrayLike | float,
    *,
    rounding: str = "nearest",
    overflow: str = "standard",
    key: int | np.random.Generator | None = None,
) -> npt.NDArray[Any]:
    r"""Return the code of each value, rounded to one that the format has.

    Measure $|x|$ in units of the spacing at $x$, $2^{e - p}$, and round that to a whole number $n$.
    The code is then $(e - e_{\min}) \cdot 2^p + n$, for normal and subnormal numbers alike: codes
    of positive floats count upwards without a gap.

    Beyond the largest number, `standard` does what the format's own standard says: infinity for
    the IEEE formats, BF16, TF32 and E5M2; NaN for E4M3 and E8M0; the largest number for FP6, FP4,
    integers and NF4. Libraries differ: for E4M3 NumPy (ml_dtypes) and XLA give NaN, and PyTorch
    2.13 saturates; for integers XLA saturates, and NumPy wraps round. `saturate` always gives the
    largest number, for an infinity as well. Rounding toward zero never leaves the finite numbers.

    What has no NaN makes -0 of it (ml_dtypes does too, but 0 of a NaN with a minus sign), integers
    and NF4 make 0 of it. E8M0 has neither sign nor zero: zero and negative numbers become NaN, and
    what is smaller than the smallest number becomes that. The OCP specification takes block scales
    toward zero. Between 2**-127 and half above it ml_dtypes 0.6 and XLA give E8M0's next power, not
    the nearest.

    Args:
        format: Where to store.
        x: Values, any shape, read as float64.
        rounding: `nearest`: a tie goes to the even code (in E8M0, which has no even one, up, and
            in NF4 down); `toward_zero`: cut off; `stochastic`: up with the probability that makes
            the mean right.
        overflow: `standard` or `saturate`.
        key: Seed or generator of NumPy; `stochastic` needs it.

    Returns:
        Unsigned integers in the shape of `x`, of the narrowest type that holds them.

    Raises:
        ValueError: If `rounding` or `overflow` is unknown, or `key` is missing.

    Examples:
        >>> from explainer.formats import BFLOAT16, FLOAT8_E4M3FN, decode
        >>> hex(int(encode(BFLOAT16, 0.1)))
        '0x3dcd'
        >>> decode(FLOAT8_E4M3FN, encode(FLOAT8_E4M3FN, [464, 465])).tolist()
        [448.0, nan]

    References:
        IEEE Std 754-2019, sections 4.3 and 7.4. Micikevicius et al. 2022, FP8 Formats for Deep
        Learning, section 3. Gupta et al. 2015, Deep Learning with Limited Numerical Precision,
        section 3.1 (stochastic rounding).
    """
    if rounding not in ROUNDINGS:
        raise ValueError(f"`rounding` (={rounding!r}) must be one of {ROUNDINGS}")
    if overflow not in OVERFLOWS:
        raise ValueError(f"`overflow` (={overflow!r}) must be one of {OVERFLOWS}")
    given = np.asarray(x).astype(np.float64)
    values, draw = given.ravel(), None
    if rounding == "stochastic":
        if key is None:
            raise ValueError("stochastic rounding needs `key` (=None): pass a seed, such as 0")
        draw = np.random.default_rng(key).random(values.shape)
    if format.kind == "float":
        found = _float_codes(format, values, rounding, overflow, draw)
    elif format.kind == "integer":
        found = _integer_codes(format, values, rounding, draw)
    else:
        found = _codebook_codes(format, values, rounding, draw)
    return found.astype(np.min_scalar_type(2**format.bits - 1)).reshape(given.shape)


def _whole(
    grid: npt.NDArray[np.float64], rounding: str, draw: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.float64]:
    """Round to whole numbers."""
    if draw is not None:
        below = np.floor(grid)
        return below + (draw < grid - below)
    rounded: npt.NDArray[np.float64] = np.rint(grid) if rounding == "nearest" else np.trunc(grid)
    return rounded


def _float_codes(
    format: NumberFormat,
    x: npt.NDArray[np.float64],
    rounding: str,
    overflow: str,
    draw: npt.NDArray[np.float64] | None,
) -> npt.NDArray[np.int64]:
    p, largest = format.mantissa_bits, format.largest_code
    size = np.where(np.isfinite(x), np.abs(x), 0.0)
    exponent = np.frexp(size)[1].astype(np.int64) - 1
    exponent = np.where(size == 0, format.min_exponent, np.maximum(exponent, format.min_exponent))
    n = _whole(np.ldexp(size, p - exponent), rounding, draw).astype(np.int64)
    code = ((exponent - format.min_exponent) << p) + n
    if not format.subnormals:  # the leading one is in every code, so it is not counted
        code = np.maximum(code - 2**p, 0)

    beyond = code > largest
    # Infinity, or else NaN, is the code after the largest number.
    special = largest if overflow == "saturate" or not format.has_nan else largest + 1
    code = np.where(beyond, largest if rounding == "toward_zero" else special, code)
    code = np.where(np.isinf(x), special, code)
    no_number = np.isnan(x) if format.signed else np.isnan(x) | (x <= 0)
    code = np.where(no_number, _nan_code(format), code)
    if not format.signed:
        return code
    lost = no_number & (not format.has_nan)
    return code | (np.signbit(x) | lost).astype(np.int64) << format.bits - 1


def _nan_code(format: NumberFormat) -> int:
    """Return the usual NaN without its sign: the first bit of the mantissa is set (quiet)."""
    if format.specials == "ieee":
        return format.largest_code + 1 + (1 << format.mantissa_bits - 1)
    return format.largest_code + 1 if format.has_nan else 0


def _integer_codes(
    format: NumberFormat,
    x: npt.NDArray[np.float64],
    rounding: str,
    draw: npt.NDArray[np.float64] | None,
) -> npt.NDArray[np.int64]:
    number = np.clip(np.nan_to_num(x, nan=0.0), format.lowest - 1, format.largest + 1)
    whole = np.clip(_whole(number, rounding, draw), format.lowest, format.largest)
    code: npt.NDArray[np.int64] = whole.astype(np.int64) & 2**format.bits - 1
    return code


def _codebook_codes(
    format: NumberFormat,
    x: npt.NDArray[np.float64],
    rounding: str,
    draw: npt.NDArray[np.float64] | None,
) -> npt.NDArray[np.int64]:
    values = np.asarray(format.values)
    number = np.clip(np.nan_to_num(x, nan=0.0), values[0], values[-1])
    lower = np.clip(np.searchsorted(values, number, side="right") - 1, 0, len(values) - 2)
    below, above = values[lower], values[lower + 1]
    if draw is not None:
        up = draw < (number - below) / (above - below)
    elif rounding == "nearest":
        up = number > (below + above) / 2
    else:
        up = np.where(number < 0, number > below, number >= above)
    code: npt.NDArray[np.int64] = (lower + up).astype(np.int64)
    return code
