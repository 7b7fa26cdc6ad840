"""BERT: an encoder with learned positions and token types, and one of three heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from explainer.architectures.decoder_tree import linear, norm
from explainer.architectures.tensors import Tensor
from explainer.parameters import (
    attention_parameters,
    feed_forward_parameters,
    linear_parameters,
    norm_parameters,
)


@dataclass(frozen=True)
class BERT:
    """The sizes of a BERT, and which of its heads it carries."""

    vocab_size: int
    num_positions: int
    num_types: int
    d_model: int
    num_layers: int
    num_heads: int
    d_ff: int
    pooler: bool = True
    """A linear layer on the first token: bare model and pre-training."""
    masked_head: bool = False
    """Transform, tied table and output bias that predict masked tokens."""
    next_sentence_head: bool = False
    tied: bool | None = None


def bert_tensors(spec: BERT) -> tuple[Tensor, ...]:
    """Return every tensor of a BERT; the bare model's names carry no `bert.` in front."""
    prefix = "bert." if spec.masked_head else ""
    layers = tuple(range(spec.num_layers))
    inside = [
        replace(tensor, name=f"{prefix}encoder.layer.{{layer}}.{tensor.name}", layers=layers)
        for tensor in _layer(spec)
    ]
    outside = [replace(tensor, name=prefix + tensor.name) for tensor in _embeddings(spec)]
    return (*outside, *inside, *_heads(spec, prefix))


def _embeddings(spec: BERT) -> Iterator[Tensor]:
    D = spec.d_model
    tables = {
        "word": spec.vocab_size,
        "position": spec.num_positions,
        "token_type": spec.num_types,
    }
    for name, rows in tables.items():
        yield Tensor(f"embeddings.{name}_embeddings.weight", (rows, D), "embedding")
    yield from norm("embeddings.LayerNorm", D, bias=True)


def _layer(spec: BERT) -> Iterator[Tensor]:
    D, F = spec.d_model, spec.d_ff
    for name in ("self.query", "self.key", "self.value", "output.dense"):
        yield from linear(f"attention.{name}", D, D, "attention", bias=True)
    yield from norm("attention.output.LayerNorm", D, bias=True)
    yield from linear("intermediate.dense", D, F, "feed_forward", bias=True)
    yield from linear("output.dense", F, D, "feed_forward", bias=True)
    yield from norm("output.LayerNorm", D, bias=True)


def _heads(spec: BERT, prefix: str) -> Iterator[Tensor]:
    D, V = spec.d_model, spec.vocab_size
    if spec.pooler:
        yield from linear(f"{prefix}pooler.dense", D, D, "head", bias=True)
    if spec.masked_head:
        yield from linear("cls.predictions.transform.dense", D, D, "head", bias=True)
        yield from norm("cls.predictions.transform.LayerNorm", D, bias=True)
        yield Tensor("cls.predictions.bias", (V,), "head", "biases")
        if not spec.tied:
            yield Tensor("cls.predictions.decoder.weight", (V, D), "head")
    if spec.next_sentence_head:
        yield from linear("cls.seq_relationship", D, 2, "head", bias=True)


def bert_components(spec: BERT) -> dict[str, int]:
    """Return parameters by component, from closed forms."""
    D, V, L = spec.d_model, spec.vocab_size, spec.num_layers
    head = linear_parameters(D, D) if spec.pooler else 0
    if spec.masked_head:
        head += linear_parameters(D, D) + V + (0 if spec.tied else V * D)
    if spec.next_sentence_head:
        head += linear_parameters(D, 2)
    counts = {
        "embedding": (V + spec.num_positions + spec.num_types) * D,
        "attention": L * attention_parameters(D, spec.num_heads),
        "feed_forward": L * feed_forward_parameters(D, spec.d_ff, gated=False),
        "norm": (2 * L + 1 + spec.masked_head) * norm_parameters(D),
        "head": head,
    }
    return {component: count for component, count in counts.items() if count}
