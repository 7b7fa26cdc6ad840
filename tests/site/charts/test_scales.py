"""Scales against closed forms, ticks against their definition."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.site.charts.scales import (
    Category,
    Linear,
    Log,
    linear_ticks,
    log_ticks,
    nice_step,
    rounded_out,
)

finite = st.floats(-1e6, 1e6, allow_nan=False)
span = st.floats(10, 1e6)


@given(finite, span, st.floats(0, 1))
def test_linear_places_shares(lower: float, width: float, share: float) -> None:
    """A share of the values is the same share of the axis."""
    scale = Linear(lower, lower + width, 300.0, 20.0)
    assert scale.at(lower + share * width) == pytest.approx(300 - 280 * share, abs=0.01)


@pytest.mark.parametrize("base", [2, 10])
def test_log_places_equal_ratios_at_equal_distances(base: int) -> None:
    """Each power of the base is as far from the next, at log(value / lower) of the length."""
    scale = Log(base**-2, base**6, 0.0, 80.0, base)
    places = [scale.at(float(base) ** power) for power in range(-2, 7)]
    assert places == pytest.approx([10.0 * step for step in range(9)])


def test_category_centres_bands() -> None:
    """Four names share the axis in four equal bands."""
    scale = Category(4, 100.0, 300.0)
    assert [scale.at(index) for index in range(4)] == [125.0, 175.0, 225.0, 275.0]
    assert scale.band == 50.0


@given(finite, span, st.integers(2, 10))
def test_linear_ticks_are_multiples_of_one_two_or_five(
    lower: float, width: float, count: int
) -> None:
    """Ticks are equally spaced by 1, 2 or 5 times a power of ten, inside, and not too many."""
    ticks = linear_ticks(lower, lower + width, count)
    mantissa, exponent = nice_step(width, count)
    step = mantissa * 10.0**exponent
    assert mantissa in (1, 2, 5)
    assert 1 <= len(ticks) + 1 and len(ticks) <= count + 1
    slack = 1e-6 * step
    for tick in ticks:
        assert lower - slack <= tick <= lower + width + slack
        assert tick / step == pytest.approx(round(tick / step), abs=1e-6)


def test_ticks_are_the_nearest_floats() -> None:
    """0.3 is 0.3, not 0.30000000000000004."""
    assert linear_ticks(0, 0.5, 5) == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)


@given(finite, span, st.integers(2, 8))
def test_rounding_out_never_cuts(lower: float, width: float, count: int) -> None:
    """Rounded bounds hold the values, and add less than a step on each side."""
    low, high = rounded_out(lower, lower + width, count)
    mantissa, exponent = nice_step(width, count)
    step = mantissa * 10.0**exponent
    assert lower - step < low <= lower + 1e-6 * step
    assert lower + width - 1e-6 * step <= high < lower + width + step


def test_log_ticks_are_powers_or_one_two_five() -> None:
    """Many decades show thinned powers of ten; less than two show 1, 2 and 5."""
    many = log_ticks(1e-8, 1e9, 10, 6)
    exponents = [math.log10(tick) for tick in many]
    steps = {round(b - a, 9) for a, b in pairwise(exponents)}
    assert len(many) <= 7 and len(steps) == 1 and 1.0 in many
    assert log_ticks(3, 80, 10, 6) == (5.0, 10.0, 20.0, 50.0)
    assert log_ticks(1, 16, 2, 9) == (1.0, 2.0, 4.0, 8.0, 16.0)
