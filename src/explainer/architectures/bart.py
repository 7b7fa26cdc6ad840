"""BART and mBART: an encoder and a decoder that share one embedding table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from explainer.architectures.decoder_tree import linear, norm
from explainer.architectures.tensors import Tensor
from explainer.parameters import (
    attention_parameters,
    feed_forward_parameters,
    norm_parameters,
)

POSITION_OFFSET = 2
"""Rows that BART's position tables hold beyond the longest text."""


@dataclass(frozen=True)
class BART:
    """The sizes of a BART; mBART adds a norm at the end of both stacks."""

    vocab_size: int
    num_positions: int
    d_model: int
    encoder_layers: int
    encoder_heads: int
    encoder_d_ff: int
    decoder_layers: int
    decoder_heads: int
    decoder_d_ff: int
    last_norm: bool = False
    generates: bool = True
    """Whether it has the output head, whose bias is a buffer."""

    @property
    def tied(self) -> bool | None:
        """Return True: the head is the shared table; None without a head."""
        return True if self.generates else None


def bart_tensors(spec: BART) -> tuple[Tensor, ...]:
    """Return every tensor of a BART."""
    prefix = "model." if spec.generates else ""
    return tuple(
        replace(tensor, name=prefix + tensor.name) if tensor.kind != "buffers" else tensor
        for tensor in _tensors(spec)
    )


def _tensors(spec: BART) -> Iterator[Tensor]:
    yield Tensor("shared.weight", (spec.vocab_size, spec.d_model), "embedding")
    sides = {
        "encoder": (spec.encoder_layers, spec.encoder_d_ff, ("self_attn",)),
        "decoder": (spec.decoder_layers, spec.decoder_d_ff, ("self_attn", "encoder_attn")),
    }
    rows = spec.num_positions + POSITION_OFFSET
    for side, (num_layers, d_ff, attentions) in sides.items():
        yield Tensor(f"{side}.embed_positions.weight", (rows, spec.d_model), "embedding")
        yield from norm(f"{side}.layernorm_embedding", spec.d_model, bias=True)
        for tensor in _layer(spec.d_model, d_ff, attentions):
            name = f"{side}.layers.{{layer}}.{tensor.name}"
            yield replace(tensor, name=name, layers=tuple(range(num_layers)))
        if spec.last_norm:
            yield from norm(f"{side}.layer_norm", spec.d_model, bias=True)
    if spec.generates:
        yield Tensor("final_logits_bias", (1, spec.vocab_size), "head", "buffers")


def _layer(D: int, F: int, attentions: tuple[str, ...]) -> Iterator[Tensor]:
    for attention in attentions:
        for name in ("k_proj", "v_proj", "q_proj", "out_proj"):
            yield from linear(f"{attention}.{name}", D, D, "attention", bias=True)
        yield from norm(f"{attention}_layer_norm", D, bias=True)
    yield from linear("fc1", D, F, "feed_forward", bias=True)
    yield from linear("fc2", F, D, "feed_forward", bias=True)
    yield from norm("final_layer_norm", D, bias=True)


def bart_components(spec: BART) -> dict[str, int]:
    """Return parameters by component, from closed forms, with `buffers` as an entry."""
    D, V = spec.d_model, spec.vocab_size
    encoder, decoder = spec.encoder_layers, spec.decoder_layers
    encoder_attention = encoder * attention_parameters(D, spec.encoder_heads)
    decoder_attention = 2 * decoder * attention_parameters(D, spec.decoder_heads)
    encoder_hidden = encoder * feed_forward_parameters(D, spec.encoder_d_ff, gated=False)
    decoder_hidden = decoder * feed_forward_parameters(D, spec.decoder_d_ff, gated=False)
    norms = 2 * encoder + 3 * decoder + 2 + 2 * spec.last_norm
    counts = {
        "embedding": (V + 2 * (spec.num_positions + POSITION_OFFSET)) * D,
        "attention": encoder_attention + decoder_attention,
        "feed_forward": encoder_hidden + decoder_hidden,
        "norm": norms * norm_parameters(D),
        "buffers": V if spec.generates else 0,
    }
    return {component: count for component, count in counts.items() if count}
