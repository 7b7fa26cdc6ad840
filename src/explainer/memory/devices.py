"""Devices that models run on: memory, bandwidth and peak speed, each a cited fact."""

from __future__ import annotations

from dataclasses import dataclass

from explainer import facts


@dataclass(frozen=True)
class Device:
    """A processor with its memory.

    Args:
        name: As it is sold.
        memory_bytes: As printed, in powers of ten; what is free is less.
        bytes_per_second: Peak bandwidth of that memory.
        flops_per_second: Dense peak in BF16; None where no figure is cited.
    """

    name: str
    memory_bytes: int
    bytes_per_second: float
    flops_per_second: float | None = None

    @property
    def flops_per_byte(self) -> float | None:
        """Return the operations it can do while it reads one byte."""
        if self.flops_per_second is None:
            return None
        return self.flops_per_second / self.bytes_per_second


def _figure(key: str) -> float:
    return float(facts.value(key))


def _device(name: str, memory: str, bandwidth: str, flops: str | None = None) -> Device:
    return Device(
        name, int(_figure(memory)), _figure(bandwidth), None if flops is None else _figure(flops)
    )


DEVICES: dict[str, Device] = {
    "rtx-4090": _device("RTX 4090", "rtx_4090.bytes", "rtx_4090.bandwidth", "rtx_4090.dense_flops"),
    "m4-max": _device("M4 Max", "m4_max.bytes", "m4_max.bandwidth"),
    "a100": _device("A100", "nvidia.a100_bytes", "a100.bandwidth", "a100.dense_flops"),
    "h100": _device("H100", "h100.bytes", "h100.bandwidth", "hopper.dense_flops"),
    "h200": _device("H200", "h200.bytes", "h200.bandwidth", "hopper.dense_flops"),
}
"""Devices by a short name; the sources of their figures stand in `facts.toml`."""
