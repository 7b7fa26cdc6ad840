"""What a number becomes, in one object: overflow told from rounding, against NumPy's own flags."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.formats import FORMATS, INT8, decode, store

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(x=FINITE, name=st.sampled_from(["float16", "float32"]))
def test_overflow_is_the_flag_of_ieee(x: float, name: str) -> None:
    """FP16 and FP32 overflow where the processor raises its overflow flag in a cast."""
    with np.errstate(over="raise", under="ignore"):
        try:
            np.array([x]).astype(name)
            raised = False
        except FloatingPointError:
            raised = True
    assert store(FORMATS[name], x).overflowed == raised


@given(x=FINITE, name=st.sampled_from(sorted(FORMATS)))
def test_value_lies_between_its_neighbours(x: float, name: str) -> None:
    """The value is what the bits decode to, below it and above it are others, none nearer to x."""
    format = FORMATS[name]
    found = store(format, x)
    assert len(found.bits) == format.bits
    np.testing.assert_equal(found.value, float(decode(format, int(found.bits, 2))))
    if not math.isfinite(found.value) or (found.overflowed and math.isinf(found.value)):
        return
    distance = abs(Fraction(found.value) - Fraction(x))
    for other in (found.below, found.above):
        if math.isfinite(other) and not found.overflowed:
            assert abs(Fraction(other) - Fraction(x)) >= distance


@pytest.mark.parametrize(
    ("name", "x", "overflowed"),
    [
        ("float8_e4m3fn", 464.0, False),
        ("float8_e4m3fn", 464.1, True),
        ("float4_e2m1fn", 6.99, False),
        ("float4_e2m1fn", 7.0, True),
        ("int8", 127.5, True),
        ("int8", 127.4, False),
        ("int8", -128.5, False),
        ("uint8", -0.6, True),
        ("float64", math.inf, False),
        ("int4", math.nan, False),
    ],
)
def test_overflow_begins_where_rounding_leaves(name: str, x: float, overflowed: bool) -> None:
    """A number that rounds back to the largest does not overflow; the next one does."""
    assert store(FORMATS[name], x).overflowed is overflowed


def test_whole_numbers_are_numbers() -> None:
    """An int is taken as well as a float."""
    assert store(INT8, 300).value == 127
