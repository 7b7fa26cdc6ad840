"""From operations to hours of a processor, and from hours to money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """What a training run took, by its operations and by its hours.

    Args:
        flops: Operations that the model needed.
        gpu_hours: Hours that its makers report, of all processors together.
        peak_flops_per_second: Of one processor, dense, in the format of the matrix products.
    """

    flops: int | float
    gpu_hours: int | float
    peak_flops_per_second: int | float

    @property
    def flops_per_second(self) -> float:
        """Return the operations that each processor did a second, on average."""
        return self.flops / (self.gpu_hours * 3600)

    @property
    def utilization(self) -> float:
        """Return that speed over the peak: the model FLOPs utilization, MFU."""
        return self.flops_per_second / self.peak_flops_per_second


def gpu_hours(
    flops: int | float, *, peak_flops_per_second: int | float, utilization: int | float
) -> float:
    """Return the hours that one processor would need.

    Args:
        flops: Operations.
        peak_flops_per_second: Of the processor, above 0.
        utilization: Share of the peak that is reached, above 0 and at most 1.

    Returns:
        Hours; divide by the number of processors for the time on the clock.

    Raises:
        ValueError: If a rate is outside its range.

    Examples:
        >>> round(gpu_hours(3.6e18, peak_flops_per_second=1e15, utilization=0.5), 6)
        2.0
    """
    if not peak_flops_per_second > 0:
        raise ValueError(f"`peak_flops_per_second` (={peak_flops_per_second}) must be above 0")
    if not 0 < utilization <= 1:
        raise ValueError(f"`utilization` (={utilization}) must be above 0 and at most 1")
    return float(flops / (peak_flops_per_second * utilization) / 3600)


def training_cost(hours: int | float, *, price_per_hour: int | float) -> float:
    """Return hours times price: the rent of the processors and nothing else.

    Args:
        hours: Of all processors together, at least 0.
        price_per_hour: Of one processor, at least 0.

    Returns:
        In the currency of the price.

    Raises:
        ValueError: If either is below 0.

    Examples:
        >>> training_cost(2_788_000, price_per_hour=2)
        5576000.0
    """
    if hours < 0 or price_per_hour < 0:
        raise ValueError(
            f"`hours` (={hours}) and `price_per_hour` (={price_per_hour}) must be at least 0"
        )
    return float(hours * price_per_hour)
