"""BERT's forward pass: parameters in, one vector for each token out.

Everything in `BertParams` is a parameter and stays the same whatever the text. Everything that
`apply_bert` computes is a vector of this text, and is gone when the next one comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float, Int

from explainer.architectures.bert import BERT
from explainer.network import Layer, apply_layer


@dataclass(frozen=True)
class BertConfig:
    """What the forward pass has to know beside the parameters.

    Args:
        sizes: Widths, layers, heads, vocabulary and positions.
        norm_epsilon: Added to the variance in LayerNorm; BERT's is 1e-12.
    """

    sizes: BERT
    norm_epsilon: float = 1e-12


class Norm(NamedTuple):
    """A LayerNorm: what multiplies and what is added afterwards, each of shape `[D]`."""

    gain: Array
    bias: Array


class Block(NamedTuple):
    """One layer; stacked, each array has the layers `L` as its first axis."""

    query: Layer
    key: Layer
    value: Layer
    output: Layer
    attention_norm: Norm
    up: Layer
    down: Layer
    norm: Norm


class BertParams(NamedTuple):
    """Every parameter of a BERT.

    Args:
        word: A row for each token of the vocabulary, shape `[V, D]`.
        position: A row for each position, shape `[P, D]`.
        token_type: A row for each kind of segment; only row 0 is used here.
        norm: Follows the sum of the three rows.
        blocks: The layers, stacked.
        pooler: A layer on the first token that comes with the model. Mean pooling does not use it;
            None where the model has none.
    """

    word: Array
    position: Array
    token_type: Array
    norm: Norm
    blocks: Block
    pooler: Layer | None = None


def layer_norm(
    norm: Norm, x: Float[Array, "*batch D"], *, epsilon: float
) -> Float[Array, "*batch D"]:
    r"""Return $\gamma \cdot (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$ of each vector."""
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + epsilon)
    return scaled * jnp.broadcast_to(norm.gain, x.shape) + jnp.broadcast_to(norm.bias, x.shape)


@partial(jax.jit, static_argnames="config")
def apply_bert(
    params: BertParams,
    tokens: Int[Array, "B T"],
    mask: Bool[Array, "B T"],
    config: BertConfig,
) -> Float[Array, "B T D"]:
    r"""Return one vector for each token, as the last layer leaves it.

    $x_0 = \mathrm{LN}(E_{\text{token}} + P_{\text{position}} + S_0)$, then $L$ times
    $a = \mathrm{LN}(x + \mathrm{Attention}(x)), \; x = \mathrm{LN}(a + W_2 \,\phi(W_1 a))$ with the
    exact (erf) GELU $\phi$. The parameters are arguments of the compiled program, so that other
    parameters of the same shapes, such as quantized ones, reuse it.

    Args:
        params: From `explainer.models.bert.load_bert`.
        tokens: Ids, shape `[B, T]`, at most as many positions as the model has. An id outside the
            vocabulary gives NaN.
        mask: True where a token is, False where there is only padding, shape `[B, T]`.
        config: Sizes; fixed at compilation.

    Returns:
        Shape `[B, T, D]`. What stands at padding means nothing.

    Raises:
        ValueError: If the text is longer than the model's positions, or the shapes differ.

    References:
        Devlin et al. 2018, BERT, section 3; Vaswani et al. 2017, section 3 (norm after the sum).
    """
    return _run(params, tokens, mask, config)[0]


@partial(jax.jit, static_argnames="config")
def bert_states(
    params: BertParams,
    tokens: Int[Array, "B T"],
    mask: Bool[Array, "B T"],
    config: BertConfig,
) -> Float[Array, "states B T D"]:
    """Return the vectors before the first layer and after each: `[L + 1, B, T, D]`.

    Args:
        params: As for `apply_bert`.
        tokens: As for `apply_bert`.
        mask: As for `apply_bert`.
        config: As for `apply_bert`.

    Returns:
        The last one is what `apply_bert` returns.

    Raises:
        ValueError: As `apply_bert` does.
    """
    return _run(params, tokens, mask, config)[1]


def _run(params: BertParams, tokens: Array, mask: Array, config: BertConfig) -> tuple[Array, Array]:
    _check(tokens, mask, config.sizes)
    T = tokens.shape[1]
    # Each id picks a row of the table: from here on there are vectors.
    rows = jnp.take(params.word, tokens, axis=0, mode="fill")  # [B, T, D]
    places = params.position[None, :T] + params.token_type[None, :1]  # [1, T, D]
    x = layer_norm(params.norm, rows + places, epsilon=config.norm_epsilon)

    def step(x: Array, block: Block) -> tuple[Array, Array]:
        after = _apply_block(block, x, mask, config)
        return after, after

    last, states = jax.lax.scan(step, x, params.blocks)
    return last, jnp.concatenate([x[None], states])


def _apply_block(block: Block, x: Array, mask: Array, config: BertConfig) -> Array:
    norm = partial(layer_norm, epsilon=config.norm_epsilon)
    x = norm(block.attention_norm, x + _attend(block, x, mask, config.sizes.num_heads))
    hidden = jax.nn.gelu(apply_layer(block.up, x), approximate=False)  # [B, T, F]
    return norm(block.norm, x + apply_layer(block.down, hidden))


def _attend(block: Block, x: Array, mask: Array, num_heads: int) -> Array:
    B, T, D = x.shape
    q, k, v = (
        apply_layer(layer, x).reshape(B, T, num_heads, D // num_heads)
        for layer in (block.query, block.key, block.value)
    )
    # Every token sees every other one, but no padding: [B, 1, 1, T].
    mixed = jax.nn.dot_product_attention(q, k, v, mask=mask[:, None, None, :])
    return apply_layer(block.output, mixed.reshape(B, T, D))


def _check(tokens: Array, mask: Array, sizes: BERT) -> None:
    if tokens.shape != mask.shape:
        raise ValueError(f"`tokens` {tokens.shape} and `mask` {mask.shape} must have one shape")
    if tokens.shape[1] > sizes.num_positions:
        raise ValueError(
            f"`tokens` has {tokens.shape[1]} positions; the model has {sizes.num_positions}"
        )
