"""The decoder-only transformer that most language models are, described by its sizes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Attention:
    """Queries, keys, values and output: multi-head, grouped-query or multi-query."""

    num_heads: int
    num_kv_heads: int
    d_head: int
    """Width of a head; need not be `d_model / num_heads`."""
    qkv_bias: bool = False
    output_bias: bool = False
    qk_norm: Literal["none", "head", "all", "each"] = "none"
    """Norm of queries and keys: none, one gain vector for all heads, one over all heads at once,
    or one for each head."""
    qk_norm_bias: bool = False
    sinks: bool = False
    """One learned logit a head, which takes part in the softmax and is then dropped."""
    fused: bool = False
    """Queries, keys and values stored as one matrix."""
    output_name: str = "o_proj"
    qk_norm_names: tuple[str, str] = ("q_norm", "k_norm")

    @property
    def d_queries(self) -> int:
        """Return the width of all queries together, $NH$."""
        return self.num_heads * self.d_head

    @property
    def d_keys(self) -> int:
        """Return the width of all keys together, $KH$."""
        return self.num_kv_heads * self.d_head


@dataclass(frozen=True)
class LatentAttention:
    """Multi-head latent attention (MLA) of DeepSeek: keys and values through a narrow latent."""

    num_heads: int
    q_rank: int | None
    """Width of the latent of the queries; None where they are projected directly."""
    kv_rank: int
    d_nope: int
    """Width of the part of a head without position."""
    d_rope: int
    """Width of the rotated part; its key is shared by all heads."""
    d_value: int
    bias: bool = False


@dataclass(frozen=True)
class FeedForward:
    """A dense feed-forward layer."""

    d_ff: int
    names: tuple[str, ...] = ("gate_proj", "up_proj", "down_proj")
    """Three where it is gated, two where it is not."""
    bias: bool = False
    fused: bool = False
    """Gate and up stored as one matrix."""

    @property
    def gated(self) -> bool:
        """Return whether a third matrix gates the hidden units."""
        return len(self.names) == 3


@dataclass(frozen=True)
class Experts:
    """A mixture of experts and its router."""

    layers: tuple[int, ...]
    """Layers that have it; the others have a dense feed-forward layer."""
    num_experts: int
    num_per_token: int
    d_ff: int
    """Hidden width of one expert."""
    block: str = "mlp"
    router: str = "gate"
    names: tuple[str, str, str] = ("gate_proj", "up_proj", "down_proj")
    stacked: bool = False
    """All experts of a layer in one tensor, gate and up interleaved, with biases (gpt-oss)."""
    d_ff_shared: int = 0
    """Hidden width of the shared experts, which see every token; 0 for none."""
    shared_name: str = "shared_experts"
    shared_gate: bool = False
    correction: bool = False
    """A buffer that steers the router's load, one number an expert."""


@dataclass(frozen=True)
class Decoder:
    """A decoder-only transformer."""

    vocab_size: int
    d_model: int
    num_layers: int
    attention: Attention | LatentAttention
    feed_forward: FeedForward | None
    experts: Experts | None = None
    tied: bool | None = False
    """Whether the head is the embedding table; None for a bare model without a head."""
    norms: tuple[str, ...] = ("input_layernorm", "post_attention_layernorm")
    """Names of the norms of a layer."""
    norm_bias: bool = False
    final_norm: str | None = "norm"
    head_bias: bool = False
    prediction_layers: int = 0
    """Layers of multi-token prediction that are counted."""
    prediction_ends: bool = False
    """Whether such a layer stores an embedding table and a head of its own."""
    notes: tuple[str, ...] = field(default=())

    @property
    def dense_layers(self) -> tuple[int, ...]:
        """Return the layers that have a dense feed-forward layer."""
        sparse = frozenset(self.experts.layers) if self.experts else frozenset()
        return tuple(layer for layer in range(self.num_layers) if layer not in sparse)
