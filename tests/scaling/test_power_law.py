"""Fitted exponents against known ones, and how often the interval holds them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import linregress

from explainer.scaling import bootstrap_exponent, fit_power_law, per_decade

SIZES = np.array([10.0, 30, 100, 300, 1000])


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 2), st.floats(0.001, 1000))
def test_a_pure_law_is_found_again(exponent: float, scale: float) -> None:
    """Points on a power law give back its exponent and its scale."""
    law = fit_power_law(SIZES, scale * SIZES**-exponent)
    assert law.exponent == pytest.approx(exponent, rel=1e-9)
    assert law.scale == pytest.approx(scale, rel=1e-9)
    assert law.residual < 1e-9


def test_noise_gives_what_scipy_gives() -> None:
    """On noisy points the fit is SciPy's linear regression of the logarithms."""
    noisy = 3 * SIZES**-0.5 * np.exp(np.random.default_rng(0).normal(0, 0.2, SIZES.size))
    theirs = linregress(np.log(SIZES), np.log(noisy))
    law = fit_power_law(SIZES, noisy)
    assert law.exponent == pytest.approx(-theirs.slope, rel=1e-12)
    assert law.scale == pytest.approx(np.exp(theirs.intercept), rel=1e-12)


def test_the_interval_is_about_as_wide_as_theory_says() -> None:
    """With many seeds the bootstrap's spread is that of the slope by the usual formula."""
    rng = np.random.default_rng(1)
    seeds, noise = 50, 0.3
    y = SIZES[:, None] ** -0.5 * np.exp(rng.normal(0, noise, (SIZES.size, seeds)))
    found = bootstrap_exponent(SIZES, y)
    log_x = np.log(SIZES)
    error = noise / np.sqrt(seeds * ((log_x - log_x.mean()) ** 2).sum())
    assert (found.high - found.low) / (2 * 1.96 * error) == pytest.approx(1, abs=0.15)
    mean = fit_power_law(SIZES, np.exp(np.log(y).mean(1)))
    assert found.value == pytest.approx(mean.exponent, rel=1e-12)


def test_equal_seeds_leave_no_doubt() -> None:
    """Where all seeds agree the interval has no width."""
    found = bootstrap_exponent(SIZES, np.repeat(SIZES[:, None] ** -0.3, 3, axis=1))
    assert (found.low, found.high) == pytest.approx((0.3, 0.3))


def test_fifteen_percent_over_two_decades() -> None:
    """15 % better over two powers of ten is 7.24 % for each, below by the root."""
    assert 1.15**0.5 - 1 == pytest.approx(0.0724, abs=5e-5)
    assert per_decade(1.15, 1, 2) == pytest.approx(1 - 1 / 1.15**0.5)


def test_refusals() -> None:
    """Too few sizes or seeds, and values that no power law has, are refused."""
    with pytest.raises(ValueError, match="two different `x`"):
        fit_power_law([2, 2], [1, 1])
    with pytest.raises(ValueError, match="above 0"):
        fit_power_law([1, 2], [1, 0])
    with pytest.raises(ValueError, match="two seeds"):
        bootstrap_exponent([1, 2], [[1], [2]])
    with pytest.raises(ValueError, match="every seed"):
        bootstrap_exponent([1, 2], [[1, 1], [2, 0]])
    with pytest.raises(ValueError, match=r"`confidence` \(=95\)"):
        bootstrap_exponent([1, 2], [[1, 1], [2, 2]], confidence=95)
