"""What a model of Llama's kind is made of: its sizes, and its parameters as one tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
from jax import Array


@jax.tree_util.register_static
@dataclass(frozen=True)
class LlamaConfig:
    """What the forward pass has to know beside the parameters, and what parameters there are.

    Args:
        vocab_size: $V$.
        d_model: $D$, width of the residual stream.
        num_layers: $L$.
        num_heads: $N$, query heads, a multiple of `num_kv_heads`.
        num_kv_heads: $K$, heads of keys and values; each serves $N / K$ query heads.
        d_head: $H$, width of a head, even.
        d_ff: $F$, hidden width of the feed-forward network.
        context_length: The most tokens that the model was made for.
        rope_base: Base of the rotary angles.
        norm_epsilon: Added to the mean square in RMSNorm.
        interleaved: Which coordinates of a head turn together: neighbours, as in a GGUF of Llama,
            or one from each half, as Hugging Face stores them.
        rope_factors: What each of the $H/2$ rotary frequencies is divided by; empty for 1.
        unrotated_layers: Layers without rotary positions (SmolLM3 has some).
        window: How many tokens back a token sees, itself included; None for all.
        tied: Whether the head is the embedding table.
        qkv_bias: Whether queries, keys and values have biases (Qwen2).
        output_bias: Whether the output of attention has one.
        qk_norm: Whether queries and keys are normalised (Qwen3).

    Raises:
        ValueError: If a size is impossible.

    Examples:
        >>> LlamaConfig(256, 8, 2, 4, 2, 2, 16, 32).num_kv_heads
        2
    """

    vocab_size: int
    d_model: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    d_head: int
    d_ff: int
    context_length: int
    rope_base: float = 10_000.0
    norm_epsilon: float = 1e-5
    interleaved: bool = False
    rope_factors: tuple[float, ...] = ()
    unrotated_layers: tuple[int, ...] = ()
    window: int | None = None
    tied: bool = True
    qkv_bias: bool = False
    output_bias: bool = False
    qk_norm: bool = False

    def __post_init__(self) -> None:
        """Refuse sizes that make no model."""
        for name, value in vars(self).items():
            if type(value) is int and value < 1:
                raise ValueError(f"`{name}` (={value}) must be at least 1")
        if self.num_heads % self.num_kv_heads:
            raise ValueError(
                f"`num_heads` (={self.num_heads}) must be divisible by `num_kv_heads` "
                f"(={self.num_kv_heads})"
            )
        if self.d_head % 2:
            raise ValueError(f"`d_head` (={self.d_head}) must be even: coordinates turn in pairs")
        for name, limit in (("rope_base", float("inf")), ("norm_epsilon", 1.0)):
            value = getattr(self, name)
            if not 0 < value < limit:
                raise ValueError(f"`{name}` (={value}) must be above 0 and below {limit:g}")
        if self.rope_factors and len(self.rope_factors) != self.d_head // 2:
            raise ValueError(
                f"`rope_factors` (={len(self.rope_factors)} of them) must be one for each pair, "
                f"`d_head` / 2 (={self.d_head // 2})"
            )


class Block(NamedTuple):
    """One layer; stacked, each array has the layers `L` as its first axis."""

    attention_norm: Array  # [L D]
    query: Array  # [L N*H D]
    key: Array  # [L K*H D]
    value: Array  # [L K*H D]
    output: Array  # [L D N*H]
    feed_norm: Array  # [L D]
    gate: Array  # [L F D]
    up: Array  # [L F D]
    down: Array  # [L D F]
    query_bias: Array | None = None  # [L N*H]
    key_bias: Array | None = None  # [L K*H]
    value_bias: Array | None = None  # [L K*H]
    output_bias: Array | None = None  # [L D]
    query_gain: Array | None = None  # [L H]
    key_gain: Array | None = None  # [L H]


class LlamaParams(NamedTuple):
    """Every parameter: `embedding` `[V D]`, the layers stacked, `norm` `[D]`, `head` `[V D]`.

    `head` is None where it is tied: the embedding table once more.
    """

    embedding: Array
    blocks: Block
    norm: Array
    head: Array | None = None


def expected_shapes(config: LlamaConfig) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter, by its field; those of a block without the layers.

    Args:
        config: Sizes.

    Returns:
        Fields of `LlamaParams` and of `Block`, only those that the model has.

    Examples:
        >>> expected_shapes(LlamaConfig(256, 8, 2, 4, 2, 2, 16, 32))["key"]
        (4, 8)
    """
    D, F, V, H = config.d_model, config.d_ff, config.vocab_size, config.d_head
    queries, keys = config.num_heads * H, config.num_kv_heads * H
    shapes: dict[str, tuple[int, ...]] = {
        **{"embedding": (V, D), "norm": (D,), "attention_norm": (D,), "feed_norm": (D,)},
        **{"query": (queries, D), "key": (keys, D), "value": (keys, D), "output": (D, queries)},
        **{"gate": (F, D), "up": (F, D), "down": (D, F)},
    }
    if not config.tied:
        shapes["head"] = (V, D)
    if config.qkv_bias:
        shapes |= {"query_bias": (queries,), "key_bias": (keys,), "value_bias": (keys,)}
    if config.output_bias:
        shapes["output_bias"] = (D,)
    if config.qk_norm:
        shapes |= {"query_gain": (H,), "key_gain": (H,)}
    return shapes
