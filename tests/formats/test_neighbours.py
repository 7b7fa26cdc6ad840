"""Spacing and neighbours, against NumPy's `spacing` and `nextafter` and a search of all values."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.formats import FORMATS, INT8, NF4, decode, neighbours, spacing
from tests.formats.oracles import INTEGERS, SMALL, finite_values

WIDE: dict[str, Any] = {"float16": np.float16, "float32": np.float32, "float64": np.float64}


@pytest.mark.parametrize("name", [*(name for name in SMALL if "8" in name or "4" in name), "nf4"])
def test_neighbours_by_searching_all_values(name: str) -> None:
    """For each value, each midpoint and beyond, they are those found among all values."""
    format = FORMATS[name]
    values = decode(NF4, range(16)) if name == "nf4" else finite_values(name, format.bits)
    end = math.inf if format.has_infinity else math.nan
    outside = [2 * values[0] - 1, 2 * values[-1] + 1]
    for x in [*values, *(values[1:] + values[:-1]) / 2, *outside]:
        below, above = values[values < x], values[values > x]
        wanted = (below[-1] if below.size else -end, above[0] if above.size else end)
        np.testing.assert_array_equal(neighbours(format, float(x)), wanted)


@pytest.mark.parametrize("name", WIDE)
@given(data=st.data())
def test_wide_formats_are_numpys(name: str, data: st.DataObject) -> None:
    """FP16, FP32 and FP64 agree with `nextafter` and `spacing` on values of all sizes."""
    kind, format = WIDE[name], FORMATS[name]
    bits = format.bits
    code = data.draw(st.integers(0, 2**bits - 1))
    value = np.array([code], f"u{bits // 8}").view(kind)[0]
    if not np.isfinite(value):
        return
    with np.errstate(over="ignore"):
        wanted = (np.nextafter(value, kind(-np.inf)), np.nextafter(value, kind(np.inf)))
    np.testing.assert_array_equal(neighbours(format, float(value)), np.array(wanted, np.float64))
    if abs(value) < np.finfo(kind).max:
        # Of the magnitude: for a negative power of two NumPy's FP16, unlike its FP32 and FP64,
        # gives the gap towards zero, half of the one that it gives for the positive.
        assert spacing(format, float(value)) == float(np.spacing(abs(value)))


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_are_one_apart(name: str) -> None:
    """Every integer has the next ones beside it, and the ends have nothing beyond."""
    format = FORMATS[name]
    low, high = format.lowest, format.largest
    assert spacing(format, 0.5) == spacing(format, high) == 1
    assert neighbours(format, 0.5) == (0, 1)
    np.testing.assert_array_equal(neighbours(format, high), (high - 1, math.nan))
    np.testing.assert_array_equal(neighbours(format, low), (math.nan, low + 1))


def test_spacing_at_the_ends() -> None:
    """At the largest value it is the last gap, at zero the smallest subnormal, beyond it NaN."""
    half = FORMATS["float16"]
    assert spacing(half, 65504.0) == 32
    assert spacing(half, 0.0) == spacing(half, -0.0) == 2.0**-24
    assert math.isnan(spacing(half, 65505.0))
    assert math.isnan(spacing(half, math.nan))
    assert spacing(INT8, -128.0) == 1
    assert spacing(NF4, 1.0) == NF4.values[-1] - NF4.values[-2] == spacing(NF4, 0.9)
    assert spacing(NF4, -1.0) == NF4.values[1] - NF4.values[0]


def test_infinity_has_the_largest_number_below() -> None:
    """Below infinity stands the largest number, and above it nothing; so for its negative."""
    half = FORMATS["float16"]
    np.testing.assert_array_equal(neighbours(half, math.inf), (65504, math.nan))
    np.testing.assert_array_equal(neighbours(half, -math.inf), (math.nan, -65504))
    assert all(map(math.isnan, neighbours(half, math.nan)))
