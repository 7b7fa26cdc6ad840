"""What a code means: signed and unsigned integers, small floats, NF4."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import numpy.typing as npt

NF4 = np.array(
    [
        -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
        -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
        0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
        0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
    ],
    np.float32,
)  # fmt: skip
"""The sixteen values of NF4: quantiles of the normal distribution, with 0 and both ends exact.

References:
    Dettmers et al. 2023, QLoRA, appendix E.
"""


def _every_code(dtype: npt.DTypeLike, bits: int) -> npt.NDArray[np.float32]:
    values: npt.NDArray[np.float32] = (
        np.arange(2**bits, dtype=np.uint8).view(dtype).astype(np.float32)
    )
    return values


CODEBOOKS: dict[str, npt.NDArray[np.float32]] = {
    "nf4": NF4,
    "float4_e2m1fn": _every_code(ml_dtypes.float4_e2m1fn, 4),
    "float6_e2m3fn": _every_code(ml_dtypes.float6_e2m3fn, 6),
    "float6_e3m2fn": _every_code(ml_dtypes.float6_e3m2fn, 6),
    "float8_e4m3fn": _every_code(ml_dtypes.float8_e4m3fn, 8),
    "float8_e5m2": _every_code(ml_dtypes.float8_e5m2, 8),
}
"""The value of every code of each type that is not an integer, by the type's name."""


def code_bits(qtype: str) -> int:
    """Return the width of a code, in bits.

    Args:
        qtype: `int2` to `int8`, `uint2` to `uint8`, or a key of `CODEBOOKS`.

    Returns:
        2 to 8.

    Raises:
        ValueError: If there is no such type.

    Examples:
        >>> code_bits("int4"), code_bits("nf4"), code_bits("float6_e3m2fn")
        (4, 4, 6)
    """
    if qtype in CODEBOOKS:
        return len(CODEBOOKS[qtype]).bit_length() - 1
    stem, digit = qtype[:-1], qtype[-1:]
    if stem in ("int", "uint") and digit in "2345678" and digit:
        return int(digit)
    raise ValueError(
        f"`qtype` (={qtype!r}) must be int2 to int8, uint2 to uint8, or one of "
        f"{', '.join(CODEBOOKS)}"
    )


def is_signed(qtype: str) -> bool:
    """Return whether the codes are signed integers."""
    return qtype not in CODEBOOKS and qtype.startswith("int")


def code_range(qtype: str) -> tuple[int, int]:
    """Return the least and the largest code of an integer type.

    Signed types leave out their most negative code, so that the range is symmetric: -127 to 127.

    Args:
        qtype: `int2` to `int8` or `uint2` to `uint8`.

    Returns:
        Both ends, which are codes.

    Examples:
        >>> code_range("int8"), code_range("uint4"), code_range("int2")
        ((-127, 127), (0, 15), (-1, 1))
    """
    bits = code_bits(qtype)
    largest = 2 ** (bits - 1) - 1
    return (-largest, largest) if is_signed(qtype) else (0, 2**bits - 1)
