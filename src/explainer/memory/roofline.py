r"""The roofline: how fast a device could be, if it only had to read, or only had to multiply.

A step of generation reads the weights that work once for the whole batch, and each text's cache;
it multiplies every one of these weights by each text. The slower of the two sets the pace. It is a
bound from above: kernels, launches and sampling take their share.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from explainer.architectures.models import Source, architecture
from explainer.memory.devices import Device
from explainer.memory.kv_cache import total_bytes
from explainer.scaling.flops import flops_per_token


@dataclass(frozen=True)
class Speed:
    """A bound on speed.

    Args:
        tokens_per_second: Of all texts together.
        bound: What sets it, `memory` or `compute`.
        bytes_read: In one step.
        flops: In one step.
    """

    tokens_per_second: float
    bound: Literal["memory", "compute"]
    bytes_read: int
    flops: int | float


def read_bytes(source: Source, bits_per_weight: int | float, batch: int = 1) -> int:
    """Return the bytes of weights that one step reads.

    The input embedding is looked up, not read, unless it is the head too. Of routed experts a batch
    reads those that any of its texts draws, $E (1 - (1 - k / E)^B)$ where draws are even.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        bits_per_weight: Mean over the file, above 0.
        batch: Texts at once, at least 1.

    Returns:
        Bytes, rounded.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> read_bytes("llama-3.1-8b", 16)
        15009849344
    """
    if not bits_per_weight > 0:
        raise ValueError(f"`bits_per_weight` (={bits_per_weight}) must be above 0")
    if batch < 1:
        raise ValueError(f"`batch` (={batch}) must be at least 1")
    model = architecture(source)
    read = Fraction(0)
    for tensor in model.parameters:
        if tensor.component == "embedding" and not model.tied:
            continue
        used, available = tensor.routed
        read += tensor.size * (1 - (1 - Fraction(used, available)) ** batch)
    return round(read * Fraction(bits_per_weight) / 8)


def decode(
    source: Source,
    device: Device,
    *,
    bits_per_weight: int | float = 16.0,
    context: int = 0,
    batch: int = 1,
    kv_bytes_per_value: int | float = 2.0,
) -> Speed:
    """Return how fast a device could generate.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        device: Where it runs; that the model fits is not checked.
        bits_per_weight: Mean over the file.
        context: Tokens that each text already has, at least 0.
        batch: Texts at once, at least 1.
        kv_bytes_per_value: Bytes of a cached number.

    Returns:
        The bound; of a device without a cited peak, the bound by memory.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> from explainer.memory.devices import DEVICES
        >>> round(decode("llama-3.1-8b", DEVICES["rtx-4090"]).tokens_per_second)
        67
    """
    cache = total_bytes(source, context, batch, kv_bytes_per_value)
    step = read_bytes(source, bits_per_weight, batch) + cache
    cost = flops_per_token(source, context=max(context, 1), causal=False)
    flops = batch * (cost.forward if context else sum(cost.components.values()))
    return _speed(batch, step, flops, device)


def prefill(
    source: Source, device: Device, *, context: int, bits_per_weight: int | float = 16.0
) -> Speed:
    """Return how fast a device could read a prompt, all of it in one step.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        device: Where it runs.
        context: Tokens of the prompt, at least 1.
        bits_per_weight: Mean over the file.

    Returns:
        The bound. Every position's logits are counted, though the last would do.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> from explainer.memory.devices import DEVICES
        >>> prefill("llama-3.1-8b", DEVICES["a100"], context=2048).bound
        'compute'
    """
    flops = context * flops_per_token(source, context=context).forward
    step = read_bytes(source, bits_per_weight, context) + total_bytes(source, context)
    return _speed(context, step, flops, device)


def crossover_batch(device: Device, bits_per_weight: int | float = 16.0) -> float | None:
    r"""Return the batch beyond which short texts are bound by compute, $F b / (2 W)$.

    Two operations a weight for each text against $b$ bytes a weight for all.

    Args:
        device: With $F$ operations and $W$ bytes a second.
        bits_per_weight: $8 b$.

    Returns:
        Texts, for a model without routed experts; None without a cited peak.

    Examples:
        >>> from explainer.memory.devices import DEVICES
        >>> round(crossover_batch(DEVICES["a100"]))
        153
    """
    if device.flops_per_byte is None:
        return None
    return device.flops_per_byte * bits_per_weight / 8 / 2


def _speed(tokens: int, bytes_read: int, flops: int | float, device: Device) -> Speed:
    reading = bytes_read / device.bytes_per_second
    peak = device.flops_per_second
    computing = 0.0 if peak is None else flops / peak
    bound: Literal["memory", "compute"] = "memory" if reading >= computing else "compute"
    return Speed(tokens / max(reading, computing), bound, bytes_read, flops)
