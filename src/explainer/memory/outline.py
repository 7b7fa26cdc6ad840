"""A model in the few numbers that its memory depends on, for a calculator without this library."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from explainer.architectures import Tensor, architecture, read_config
from explainer.architectures.bart import BART
from explainer.architectures.decoder import Decoder, LatentAttention
from explainer.architectures.reading import Sizes, read_sizes
from explainer.memory.activations import inference_bytes, training_bytes
from explainer.memory.gguf_tensors import GGUFModel, GGUFTensor, Role, gguf_model
from explainer.memory.kv_cache import layer_caches
from explainer.memory.weights import is_coded

Source = str | Mapping[str, Any]
Shape = tuple[int, ...]

LETTERS: dict[Role, str] = {
    **{"embedding": "e", "head": "h", "query": "q", "key": "k", "value": "v"},
    **{"query_key_value": "v", "attention_output": "o", "gate": "u", "up": "u", "down": "d"},
    "other": "x",
}
"""Roles that the rules of every mixture treat alike share a letter."""


def outline(source: Source) -> dict[str, Any]:
    """Return what decides the bytes of a model, as plain numbers, lists and texts.

    Args:
        source: A known name, the path of a `config.json`, or its object.

    Returns:
        `name`, `parameters` and `layers`;
        `matrices`, which GGUF and formats of tiles both quantize, then those of `gguf` alone and
        of `tiles` alone: each a letter of `LETTERS`, the elements of a row, rows, copies in a
        layer, first layer, layer after the last, cut short where one copy is in all layers;
        `untouched`, elements that GGUF keeps in float32, and `buffers`, those that are no
        parameters; `sharing`, `experts` and `is_70b`, which `GGUFModel` explains;
        `cache`, for each window the numbers that a token leaves in its layers, and the window;
        of activations the bytes of `flow` a token, `logits` a text, `kept` a token of training.
        What is zero, empty or false is left out; without `gguf` there is no such file.

    Raises:
        ValueError: If the configuration is unknown or contradictory.

    Examples:
        >>> found = outline("llama-3.1-8b")
        >>> found["cache"], found["matrices"][1]
        ([[65536]], ['k', 4096, 1024])
    """
    model, sizes = architecture(source), read_sizes(read_config(source))
    layers = 1 + max(layer for tensor in model.tensors for layer in tensor.layers or ())
    coded = Counter(shape for tensor in model.tensors for shape in _coded(tensor, layers))
    flow = inference_bytes(source, 2) - inference_bytes(source, 1)
    found: dict[str, Any] = {
        "name": model.name,
        "parameters": model.total,
        "layers": layers,
        "buffers": model.kinds["buffers"],
        "cache": _cache(source, sizes),
        "flow": flow,
        "logits": inference_bytes(source, 1) - flow,
        "kept": training_bytes(source, 1),
    }
    try:
        predicted = gguf_model(source)
    except ValueError:  # no GGUF for this architecture
        pass
    else:
        found |= _mixed(predicted, sizes, coded)
    found["tiles"] = [["t", *shape] for shape in coded.elements()]
    return {name: value for name, value in found.items() if value}


def _mixed(model: GGUFModel, sizes: Sizes, coded: Counter[Shape]) -> dict[str, Any]:
    """Return what a GGUF depends on; a matrix that it shares with the others leaves `coded`."""
    shared: list[list[Any]] = []
    alone: list[list[Any]] = []
    for tensor in model.tensors:
        if tensor.role == "untouched":
            continue
        for shape in _gguf_shapes(tensor, model, sizes):
            is_shared = tensor.layers is not None and coded[shape] > 0
            coded[shape] -= is_shared
            (shared if is_shared else alone).append([LETTERS[tensor.role], *shape])
    return {
        "sharing": model.queries_per_key,
        "experts": model.num_experts,
        "is_70b": model.is_70b,
        "untouched": sum(
            tensor.elements * (1 if tensor.layers is None else len(tensor.layers))
            for tensor in model.tensors
            if tensor.role == "untouched"
        ),
        "matrices": shared,
        "gguf": alone,
    }


def _gguf_shapes(tensor: GGUFTensor, model: GGUFModel, sizes: Sizes) -> Iterator[Shape]:
    copies = 1
    if tensor.component == "experts":
        copies = model.num_experts
    elif tensor.stacked:  # an up-projection of latent attention, a matrix for each head
        assert isinstance(sizes, Decoder) and isinstance(sizes.attention, LatentAttention)
        copies = sizes.attention.num_heads
    yield from _shapes(tensor.row, tensor.rows // copies, copies, tensor.layers, model.num_layers)


def _coded(tensor: Tensor, num_layers: int) -> Iterator[Shape]:
    """Yield the shapes of a matrix that formats of tiles quantize."""
    if is_coded(tensor):
        *stack, rows, row = tensor.shape
        copies = tensor.experts * math.prod(stack)
        yield from _shapes(row, rows, copies, tensor.layers, num_layers)


def _shapes(
    row: int, rows: int, copies: int, layers: tuple[int, ...] | None, num_layers: int
) -> Iterator[Shape]:
    """Yield a shape for each run of layers without a gap, cut short where nothing is unusual."""
    held = range(num_layers) if layers is None else layers
    first = held[0]
    for at, layer in enumerate(held, 1):
        if at < len(held) and held[at] == layer + 1:
            continue
        if (first, layer + 1) != (0, num_layers):
            yield row, rows, copies, first, layer + 1
        else:
            yield (row, rows) if copies == 1 else (row, rows, copies)
        first = held[at] if at < len(held) else 0


def _cache(source: Source, sizes: Sizes) -> list[list[int]]:
    """Return values a token in all layers of one window, and the window unless it sees all."""
    texts = 2 if isinstance(sizes, BART) else 1  # the encoder's text is kept too
    values = Counter[int | None]()
    for layer in layer_caches(source):
        values[layer.window] += texts * layer.values_per_token
    return [[count] if window is None else [count, window] for window, count in values.items()]
