"""The whole estimate: weights, cache, activations, training, and what runs beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explainer.architectures import architecture
from explainer.memory.activations import inference_bytes, training_bytes
from explainer.memory.devices import DEVICES
from explainer.memory.kv_cache import KV_FORMATS, total_bytes
from explainer.memory.training_states import per_parameter
from explainer.memory.weights import weight_bytes

Source = str | Mapping[str, Any]

OVERHEAD_BYTES = (2**28, 2**30)
"""What the program and its library take beside the model, least and most: an assumption, as it
depends on driver and program. The estimate uses the larger."""

DEVICE_BYTES = {device.name: device.memory_bytes for device in DEVICES.values()}
"""Memory by device, as cited, in powers of ten, which is the cautious reading."""


@dataclass(frozen=True)
class Estimate:
    """What a model takes; all bytes."""

    weights_bytes: int
    bits_per_weight: float
    kv_cache_bytes: int
    activation_bytes: int
    optimizer_bytes: int
    """Gradients, master weights and moments; 0 without training."""
    overhead_bytes: int
    assumptions: tuple[str, ...]

    @property
    def total_bytes(self) -> int:
        """Return all parts together."""
        model = self.weights_bytes + self.kv_cache_bytes + self.activation_bytes
        return model + self.optimizer_bytes + self.overhead_bytes

    @property
    def fits(self) -> dict[str, bool]:
        """Return, by device, whether its memory holds the whole."""
        return {name: self.total_bytes <= size for name, size in DEVICE_BYTES.items()}


def estimate(
    source: Source,
    weight_format: str = "bf16",
    *,
    context: int = 8192,
    batch: int = 1,
    kv_format: str = "fp16",
    train: str | None = None,
    stored_bytes: int | None = None,
) -> Estimate:
    r"""Return what a model takes to run, or to train.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        weight_format: One of `explainer.memory.weights.FORMATS`. Training sets its own.
        context: Tokens of each text, at least 1.
        batch: Texts at once, at least 1.
        kv_format: A key of `KV_FORMATS`.
        train: An optimizer of `training_states.OPTIMIZERS`, or None to run the model.
        stored_bytes: Bytes of the tensors of a real file, in place of those of `weight_format`.

    Returns:
        The parts, and what was assumed.

    Raises:
        ValueError: If a name is unknown or a number is out of range.

    Examples:
        >>> found = estimate("llama-2-7b", "fp16", context=4096)
        >>> found.weights_bytes, found.kv_cache_bytes
        (13476831232, 2147483648)
    """
    for name, value in (("context", context), ("batch", batch)):
        if value < 1:
            raise ValueError(f"`{name}` (={value}) must be at least 1")
    if kv_format not in KV_FORMATS:
        raise ValueError(f"`kv_format` (={kv_format!r}) must be one of {', '.join(KV_FORMATS)}")
    parameters = architecture(source).total
    low, high = OVERHEAD_BYTES
    notes = [f"overhead: {low:,} to {high:,} bytes, assumed, not measured; the larger is added"]
    if train is not None:
        if stored_bytes is not None:
            raise ValueError("`train` needs a configuration, not a file; give its config.json")
        states = per_parameter(train)
        weights, cache = states.weights * parameters, 0
        optimizer = (states.total - states.weights) * parameters
        activations = training_bytes(source, context, batch)
        notes.append(f"training with {train}: weights in {states.weights} bytes, no cache")
        notes.append("optimizer: gradients, master weights and moments of every parameter")
    else:
        weights, optimizer = stored_bytes or 0, 0
        if stored_bytes is None:
            found = weight_bytes(source, weight_format)
            weights = found.total_bytes
            notes.append(f"weights in {found.format}: {found.meaning}; no file header")
        else:
            notes.append("weights: the tensors of the file as it is")
        cache = total_bytes(source, context, batch, KV_FORMATS[kv_format])
        activations = inference_bytes(source, context, batch)
        notes.append(f"cache in {kv_format} for {context:,} tokens in each of {batch:,} texts")
    notes.append("activations: a closed form; attention scores are never written down")
    notes.append("devices: a vendor's GB is taken as 10^9 bytes")
    return Estimate(
        weights_bytes=weights,
        bits_per_weight=8 * weights / parameters,
        kv_cache_bytes=cache,
        activation_bytes=activations,
        optimizer_bytes=optimizer,
        overhead_bytes=high,
        assumptions=tuple(notes),
    )
