r"""A straight line on logarithmic axes, $y = a x^{-b}$: its exponent, and how sure one can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class PowerLaw:
    r"""A fitted $y = a x^{-b}$.

    Args:
        scale: $a$, the value at $x = 1$.
        exponent: $b$; above 0 where y falls.
        residual: Largest distance of a point from the line, as a factor less one.
    """

    scale: int | float
    exponent: int | float
    residual: float

    def at(self, x: int | float) -> float:
        """Return the value on the line."""
        return float(self.scale * x**-self.exponent)


@dataclass(frozen=True)
class Bootstrap:
    """An exponent with the ends of its interval."""

    value: int | float
    low: float
    high: float


def fit_power_law(x: npt.ArrayLike, y: npt.ArrayLike) -> PowerLaw:
    r"""Fit $\log y = \log a - b \log x$ by least squares.

    Args:
        x: Such as parameters, above 0, shape `[n]`.
        y: Such as the loss above its floor, above 0, shape `[n]`.

    Returns:
        Scale, exponent and worst residual.

    Raises:
        ValueError: If there are fewer than two different `x`, the lengths differ, or a value is
            not above 0.

    Examples:
        >>> law = fit_power_law([1, 10, 100], [8, 4, 2])
        >>> round(law.exponent, 4), round(law.at(1000), 4)
        (0.301, 1.0)
    """
    log_x, log_y = _logs(x, y)
    slope, intercept = np.polyfit(log_x, log_y, 1)
    off = np.abs(log_y - (slope * log_x + intercept)).max()
    return PowerLaw(float(np.exp(intercept)), float(-slope), float(np.expm1(off)))


def bootstrap_exponent(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    seed: int = 0,
    num_draws: int = 2000,
    confidence: int | float = 0.95,
) -> Bootstrap:
    """Return the exponent of the seeds' geometric means, with a bootstrap interval.

    Each draw takes, for every size, as many seeds as there are, with replacement, and fits again.
    What the sizes have in common (the task, the recipe, the range) is not resampled: the interval
    says how far other seeds would move the exponent, not how far another task would.

    Args:
        x: Sizes, shape `[num_sizes]`.
        y: Losses above the floor, one row a size, shape `[num_sizes, num_seeds]`.
        seed: For the draws.
        num_draws: How many.
        confidence: How often the interval should hold the exponent, between 0 and 1.

    Returns:
        The exponent and the ends of its percentile interval.

    Raises:
        ValueError: As `fit_power_law`, or if there are fewer than two seeds or `confidence` is
            not between 0 and 1.

    References:
        Efron 1979, Bootstrap methods: another look at the jackknife.
    """
    found = np.asarray(y, np.float64)
    if found.ndim != 2 or found.shape[1] < 2:
        raise ValueError(f"`y` (shape {found.shape}) must be sizes by at least two seeds")
    if not 0 < confidence < 1:
        raise ValueError(f"`confidence` (={confidence}) must be between 0 and 1")
    sizes, seeds = found.shape
    log_x, _ = _logs(x, found[:, 0])
    if not (found > 0).all():
        raise ValueError("`y` must be above 0 for every seed")
    log_y = np.log(found)
    chosen = np.random.default_rng(seed).integers(seeds, size=(num_draws, sizes, seeds))
    means = np.take_along_axis(log_y[None], chosen, axis=2).mean(2)  # [num_draws, sizes]
    centred = log_x - log_x.mean()
    exponents = -means @ centred / (centred @ centred)
    tail = (1 - confidence) / 2
    low, high = np.quantile(exponents, [tail, 1 - tail])
    value = -log_y.mean(1) @ centred / (centred @ centred)
    return Bootstrap(float(value), float(low), float(high))


def per_decade(before: int | float, after: int | float, decades: int | float) -> float:
    r"""Return the relative fall of a quantity for each tenfold step: $1 - (y_2 / y_1)^{1/n}$.

    Args:
        before: The value at the start, above 0.
        after: The value `decades` powers of ten later, above 0.
        decades: How many powers of ten lie between, above 0.

    Returns:
        A share; 0.1 for a tenth less at each tenfold step.

    Raises:
        ValueError: If an argument is not above 0.

    Examples:
        >>> round(per_decade(100, 81, 2), 4)
        0.1
    """
    if not (before > 0 and after > 0 and decades > 0):
        raise ValueError(
            f"`before` (={before}), `after` (={after}) and `decades` (={decades}) must be above 0"
        )
    return float(1 - (after / before) ** (1 / decades))


def _logs(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if xs.shape != ys.shape or xs.ndim != 1 or len(np.unique(xs)) < 2:
        raise ValueError(
            f"`x` (shape {xs.shape}) and `y` (shape {ys.shape}) must be as many, with at least "
            "two different `x`"
        )
    if not ((xs > 0).all() and (ys > 0).all()):
        raise ValueError("`x` and `y` must be above 0: a power law has no other values")
    return np.log(xs), np.log(ys)
