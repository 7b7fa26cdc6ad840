"""GPT-2, and models of its shape: GPT-3, DistilGPT-2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from explainer.architectures.tensors import Tensor
from explainer.parameters import (
    attention_parameters,
    embedding_parameters,
    feed_forward_parameters,
    norm_parameters,
)


@dataclass(frozen=True)
class GPT2:
    """Learned positions, LayerNorm, biases everywhere; matrices stored as `[d_in, d_out]`."""

    vocab_size: int
    num_positions: int
    d_model: int
    num_layers: int
    num_heads: int
    d_ff: int
    tied: bool | None = True


def gpt2_tensors(spec: GPT2) -> tuple[Tensor, ...]:
    """Return every tensor of a GPT-2."""
    D, V = spec.d_model, spec.vocab_size
    layers = tuple(range(spec.num_layers))
    block = [
        replace(tensor, name="transformer.h.{layer}." + tensor.name, layers=layers)
        for tensor in _block(spec)
    ]
    return (
        Tensor("transformer.wte.weight", (V, D), "embedding"),
        Tensor("transformer.wpe.weight", (spec.num_positions, D), "embedding"),
        *block,
        *_norm("transformer.ln_f", D),
        *([Tensor("lm_head.weight", (V, D), "head")] if spec.tied is False else []),
    )


def _block(spec: GPT2) -> Iterator[Tensor]:
    D, F = spec.d_model, spec.d_ff
    yield from _norm("ln_1", D)
    yield from _conv("attn.c_attn", D, 3 * D, "attention")
    yield from _conv("attn.c_proj", D, D, "attention")
    yield from _norm("ln_2", D)
    yield from _conv("mlp.c_fc", D, F, "feed_forward")
    yield from _conv("mlp.c_proj", F, D, "feed_forward")


def _conv(name: str, d_in: int, d_out: int, component: str) -> Iterator[Tensor]:
    """Yield a linear layer as GPT-2 stores it, transposed."""
    yield Tensor(f"{name}.weight", (d_in, d_out), component)
    yield Tensor(f"{name}.bias", (d_out,), component, "biases")


def _norm(name: str, width: int) -> Iterator[Tensor]:
    yield Tensor(f"{name}.weight", (width,), "norm", "gains")
    yield Tensor(f"{name}.bias", (width,), "norm", "biases")


def gpt2_components(spec: GPT2) -> dict[str, int]:
    """Return parameters by component, from closed forms."""
    D, L = spec.d_model, spec.num_layers
    tables = embedding_parameters(spec.vocab_size, D) + embedding_parameters(spec.num_positions, D)
    counts = {
        "embedding": tables,
        "attention": L * attention_parameters(D, spec.num_heads),
        "feed_forward": L * feed_forward_parameters(D, spec.d_ff, gated=False),
        "norm": (2 * L + 1) * norm_parameters(D),
    }
    if spec.tied is False:
        counts["head"] = embedding_parameters(spec.vocab_size, D)
    return counts
