"""Who else knows these formats, and every place where rounding turns."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
from gfloat import formats as gf
from gfloat.types import FormatInfo

GFLOAT: dict[str, FormatInfo] = {
    "float64": gf.format_info_binary64,
    "float32": gf.format_info_binary32,
    "float16": gf.format_info_binary16,
    "bfloat16": gf.format_info_bfloat16,
    "float8_e4m3fn": gf.format_info_ocp_e4m3,
    "float8_e5m2": gf.format_info_ocp_e5m2,
    "float6_e3m2fn": gf.format_info_ocp_e3m2,
    "float6_e2m3fn": gf.format_info_ocp_e2m3,
    "float4_e2m1fn": gf.format_info_ocp_e2m1,
    "float8_e8m0fnu": gf.format_info_ocp_e8m0,
}
SMALL = tuple(name for name in GFLOAT if name not in ("float64", "float32"))
INTEGERS = ("int8", "uint8", "int4", "int2")
ROUNDED = tuple(name for name in SMALL if name != "float8_e8m0fnu")
"""The formats whose ties go to even; E8M0 has no even code, and gfloat takes another."""


def dtype(name: str) -> Any:
    """Return the dtype of a format from the library that has it."""
    return np.dtype(getattr(ml_dtypes, name, None) or getattr(np, name))


def every_code(name: str, bits: int) -> npt.NDArray[np.unsignedinteger]:
    """Return all codes of a format of up to 16 bits, in the width in which it is stored."""
    width = np.dtype(f"u{dtype(name).itemsize}")
    return np.arange(2**bits).astype(width)


def finite_values(name: str, bits: int) -> npt.NDArray[np.float64]:
    """Return all numbers of a format as the other library decodes them, ascending."""
    with np.errstate(invalid="ignore"):  # signalling NaNs are among them
        decoded = every_code(name, bits).view(dtype(name)).astype(np.float64)
    return np.unique(decoded[np.isfinite(decoded)])


def turning_points(values: npt.NDArray[np.float64], ulp_of: type) -> npt.NDArray[np.float64]:
    """Return each value and each midpoint, with its neighbours in float32 or float64.

    Behind the last value stands the one that the next exponent would begin with, so that the place
    where overflow begins is among the midpoints.
    """
    last = 2 * values[-1] - values[-2]
    grid = np.concatenate([[-last], values, [last]]) if values[0] < 0 else np.append(values, last)
    with np.errstate(over="ignore"):
        places: Any = np.concatenate([grid, (grid[1:] + grid[:-1]) / 2]).astype(ulp_of)
        above, below = np.nextafter(places, ulp_of(np.inf)), np.nextafter(places, ulp_of(-np.inf))
    found: npt.NDArray[np.float64] = np.concatenate([places, above, below]).astype(np.float64)
    return found[np.isfinite(found)]


def assert_same(found: npt.ArrayLike, wanted: npt.ArrayLike) -> None:
    """Compare values bit by bit: -0 is not 0, NaN is NaN."""
    one, other = np.asarray(found, np.float64), np.asarray(wanted, np.float64)
    np.testing.assert_array_equal(one, other)
    number = ~np.isnan(other)
    np.testing.assert_array_equal(np.signbit(one[number]), np.signbit(other[number]))


def is_misrounded_by_ml_dtypes(name: str, x: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Return where ml_dtypes 0.6.0 does not take the nearest: E8M0, up to half above 2**-127.

    It makes 2**-126 of these (gfloat and the definition make 2**-127), XLA does as it does.
    """
    if name != "float8_e8m0fnu":
        return np.zeros(x.shape, bool)
    return (x > 2.0**-127) & (x < 1.5 * 2.0**-127)
