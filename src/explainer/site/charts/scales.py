"""From values to places: linear, logarithmic and category scales, and their ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Linear:
    """Equal differences are equal distances.

    Args:
        lower: Value at `start`.
        upper: Value at `end`; above `lower`.
        start: Coordinate of `lower`.
        end: Coordinate of `upper`.
    """

    lower: float
    upper: float
    start: float = 0.0
    end: float = 1.0

    def at(self, value: float) -> float:
        """Return the coordinate of a value."""
        share = (value - self.lower) / (self.upper - self.lower)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True)
class Log:
    """Equal ratios are equal distances.

    Args:
        lower: Value at `start`; above zero.
        upper: Value at `end`; above `lower`.
        start: Coordinate of `lower`.
        end: Coordinate of `upper`.
        base: Ratio between two main ticks: 10 or 2.
    """

    lower: float
    upper: float
    start: float = 0.0
    end: float = 1.0
    base: int = 10

    def at(self, value: float) -> float:
        """Return the coordinate of a value above zero."""
        share = math.log(value / self.lower) / math.log(self.upper / self.lower)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True)
class Category:
    """Names side by side, each in the middle of a band of equal width.

    Args:
        count: How many names; the value of a name is its index.
        start: Coordinate where the first band begins.
        end: Coordinate where the last band ends.
    """

    count: int
    start: float = 0.0
    end: float = 1.0

    @property
    def band(self) -> float:
        """Width of one band."""
        return abs(self.end - self.start) / self.count

    def at(self, value: float) -> float:
        """Return the coordinate of the middle of band number `value`."""
        return self.start + (value + 0.5) / self.count * (self.end - self.start)


Scale = Linear | Log | Category


def placed(scale: Scale, start: float, end: float) -> Scale:
    """Return the same scale between other coordinates."""
    return replace(scale, start=start, end=end)


def nice_step(span: float, count: int) -> tuple[int, int]:
    """Return the smallest step of the form 1, 2 or 5 times a power of ten with few ticks.

    Args:
        span: Difference to cover; above zero.
        count: How many steps the span may hold at most.

    Returns:
        `(m, e)`, where the step is m·10ᵉ.

    Examples:
        >>> nice_step(100, 5), nice_step(0.3, 5)
        ((2, 1), (1, -1))
    """
    rough = span / max(count, 1)
    exponent = math.floor(math.log10(rough))
    for power in (exponent, exponent + 1):
        for mantissa in (1, 2, 5):
            # The tolerance keeps 0.3 / 3 from becoming a step above 0.1.
            if mantissa * 10.0**power >= rough * (1 - 1e-9):
                return mantissa, power
    return 1, exponent + 2


def multiple(step: tuple[int, int], index: int) -> float:
    """Return `index` times a nice step, as the float nearest to the decimal number."""
    mantissa, exponent = step
    whole = index * mantissa
    return float(whole * 10**exponent) if exponent >= 0 else whole / 10**-exponent


def linear_ticks(lower: float, upper: float, count: int) -> tuple[float, ...]:
    """Return the multiples of a nice step from `lower` to `upper`.

    Args:
        lower: Smallest value.
        upper: Largest value; above `lower`.
        count: How many steps at most.

    Returns:
        Ticks in rising order.

    Examples:
        >>> linear_ticks(0, 1, 5)
        (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    """
    step = nice_step(upper - lower, count)
    size = multiple(step, 1)
    first, last = math.ceil(lower / size - 1e-9), math.floor(upper / size + 1e-9)
    return tuple(multiple(step, index) for index in range(first, last + 1))


def log_ticks(lower: float, upper: float, base: int, count: int) -> tuple[float, ...]:
    """Return powers of `base`, thinned to `count`; 1, 2 and 5 where ten has too few powers.

    Args:
        lower: Smallest value; above zero.
        upper: Largest value; above `lower`.
        base: 10 or 2.
        count: How many ticks at most.

    Returns:
        Ticks in rising order.

    Examples:
        >>> log_ticks(1, 1000, 10, 5), log_ticks(2, 40, 2, 8)
        ((1.0, 10.0, 100.0, 1000.0), (2.0, 4.0, 8.0, 16.0, 32.0))
    """
    first = math.ceil(math.log(lower, base) - 1e-9)
    last = math.floor(math.log(upper, base) + 1e-9)
    powers = [_power(base, index) for index in range(first, last + 1)]
    if base == 10 and len(powers) < 3:
        return _between_powers(lower, upper, count)
    stride = max(1, math.ceil(len(powers) / max(count, 1)))
    # Count from power zero, so that thinned ticks still hold 1 and look the same everywhere.
    return tuple(p for p, i in zip(powers, range(first, last + 1), strict=True) if i % stride == 0)


def _between_powers(lower: float, upper: float, count: int) -> tuple[float, ...]:
    exponents = range(math.floor(math.log10(lower)) - 1, math.ceil(math.log10(upper)) + 1)
    ticks = [multiple((mantissa, e), 1) for e in exponents for mantissa in (1, 2, 5)]
    inside = tuple(t for t in ticks if lower * (1 - 1e-9) <= t <= upper * (1 + 1e-9))
    return inside if len(inside) >= 2 else linear_ticks(lower, upper, count)


def _power(base: int, exponent: int) -> float:
    return float(base**exponent) if exponent >= 0 else 1 / base**-exponent


def rounded_out(lower: float, upper: float, count: int) -> tuple[float, float]:
    """Return bounds moved outwards to the next ticks.

    Args:
        lower: Smallest value.
        upper: Largest value; above `lower`.
        count: How many steps at most.

    Returns:
        New lower and upper bound, both multiples of one nice step.

    Examples:
        >>> rounded_out(0.13, 0.98, 5)
        (0.0, 1.0)
    """
    step = nice_step(upper - lower, count)
    size = multiple(step, 1)
    first, last = math.floor(lower / size + 1e-9), math.ceil(upper / size - 1e-9)
    return multiple(step, first), multiple(step, last)
