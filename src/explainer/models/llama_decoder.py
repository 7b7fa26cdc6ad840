r"""The decoder of Llama and its kin: parameters in, a score for each possible next token out.

Everything in `LlamaParams` is a parameter and stays the same whatever the text. Everything that
`apply_llama` computes (queries, keys, values, attention weights) is of this text alone.

| letter | is | SmolLM2-135M |
| --- | --- | --- |
| `T`, `S` | tokens that ask, tokens that can be seen | |
| `L`, `D`, `F`, `V` | layers, width, hidden width, vocabulary | 30, 576, 1,536, 49,152 |
| `N`, `K`, `H` | query heads, key and value heads, width of a head | 9, 3, 64 |
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int

from explainer.models.llama_attention import Turns, attend, mix, rotate, turns, visible
from explainer.models.llama_params import Block, LlamaConfig, LlamaParams

Tokens = Int[Array | np.ndarray, " T"]


class Cache(NamedTuple):
    """Keys and values of the tokens read so far, each `[L S K H]`; the rest is not looked at."""

    keys: Array
    values: Array


class Seen(NamedTuple):
    """The vectors of one text, layers first.

    Args:
        residual: The stream after each layer, `[L T D]`.
        query: As they are compared: biased, normalised, rotated, `[L N T H]`.
        key: `[L K T H]`.
        value: `[L K T H]`.
        attention: Weights after mask and softmax; each row sums to 1, `[L N T T]`.
        logits: Of the next token after each, `[T V]`.
    """

    residual: Array
    query: Array
    key: Array
    value: Array
    attention: Array
    logits: Array


@partial(jax.jit, static_argnames="config")
def apply_llama(params: LlamaParams, tokens: Tokens, config: LlamaConfig) -> Float[Array, "T V"]:
    r"""Run the model on one text; for several of one length, `jax.vmap` it over `tokens`.

    $x = E_{\text{token}}$, then $L$ times $x \leftarrow x + W_O \,\mathrm{Attention}(\hat x)$,
    $x \leftarrow x + W_{d}(\mathrm{SiLU}(W_{g}\hat x) \odot W_{u}\hat x)$ (gate, up, down)
    with $\hat x = g \odot x / \sqrt{\overline{x^2} + \epsilon}$. The parameters are arguments of
    the compiled program, so that quantized ones of the same shapes reuse it.

    Args:
        params: From `explainer.models.llama.load_llama`.
        tokens: Ids, 0 to V - 1, shape `[T]`, at most `context_length`. An id outside the
            vocabulary gives NaN.
        config: Sizes; fixed at compilation.

    Returns:
        Logits, shape `[T V]`: row t says what follows after the tokens 0 to t.

    Raises:
        ValueError: If there is no token, or more than the model was made for.

    References:
        Touvron et al. 2023, Llama 2, section 2.2; Ainslie et al. 2023, GQA, section 2.2;
        Su et al. 2021, RoFormer, section 3.4.2; Shazeer 2020, GLU Variants, section 2.
    """
    _check_length(len(tokens), config)
    x, _, _ = run_layers(params, tokens, _cache(config, 0), jnp.int32(0), config)
    return next_logits(params, x)


@partial(jax.jit, static_argnames="config")
def trace_llama(params: LlamaParams, tokens: Tokens, config: LlamaConfig) -> Seen:
    """Run the model on one text and keep its vectors and its attention maps.

    Args:
        params: As for `apply_llama`.
        tokens: As for `apply_llama`.
        config: As for `apply_llama`.

    Returns:
        What each layer computed; attention maps take $L N T^2$ numbers.

    Raises:
        ValueError: As `apply_llama` does.
    """
    _check_length(len(tokens), config)
    x, _, kept = run_layers(params, tokens, _cache(config, 0), jnp.int32(0), config, keep=True)
    return Seen._make((*kept, next_logits(params, x)))


def empty_cache(config: LlamaConfig, num_tokens: int) -> Cache:
    """Return a cache with room for `num_tokens`.

    Args:
        config: Sizes.
        num_tokens: 1 to `context_length`.

    Returns:
        Zeros, $2 L S K H$ numbers in float32.

    Raises:
        ValueError: If the model was not made for that many.
    """
    _check_length(num_tokens, config)
    return _cache(config, num_tokens)


def _cache(config: LlamaConfig, num_tokens: int) -> Cache:
    shape = (config.num_layers, num_tokens, config.num_kv_heads, config.d_head)
    return Cache(jnp.zeros(shape, jnp.float32), jnp.zeros(shape, jnp.float32))


def _check_length(num_tokens: int, config: LlamaConfig) -> None:
    if not 1 <= num_tokens <= config.context_length:
        raise ValueError(
            f"`tokens` (={num_tokens} of them) must be between 1 and `context_length` "
            f"(={config.context_length})"
        )


def run_layers(
    params: LlamaParams,
    tokens: Tokens,
    cache: Cache,
    start: Int[Array, ""],
    config: LlamaConfig,
    *,
    keep: bool = False,
) -> tuple[Float[Array, "T D"], Cache, tuple[Array, ...]]:
    """Read some tokens after those that the cache holds.

    Args:
        params: Every parameter.
        tokens: The tokens to be read, shape `[T]`.
        cache: Keys and values of the first `start` tokens, with room for these; or with no room at
            all, where these are the whole text and nothing is kept.
        start: How many tokens were read before.
        config: Sizes.
        keep: Whether to return what each layer computed.

    Returns:
        The stream after the last layer, the cache with these tokens in it, and with `keep` the
        first five fields of `Seen`.
    """
    T = len(tokens)
    # Each id picks a row of the table: from here on there are vectors.
    x = jnp.take(params.embedding, jnp.asarray(tokens), axis=0, mode="fill")  # [T D]
    places = start + jnp.arange(T, dtype=jnp.int32)
    angles = turns(places, config)  # cosines and sines, each [T H/2]
    seeing = visible(places, cache.keys.shape[1] or T, config)  # [T S]
    layers = jnp.arange(config.num_layers, dtype=jnp.int32)
    rotated = np.isin(np.arange(config.num_layers), config.unrotated_layers, invert=True)

    def step(
        carry: tuple[Array, Cache], layer: tuple[Block, Array, Array]
    ) -> tuple[tuple[Array, Cache], tuple[Array, ...]]:
        x, cache = carry
        block, number, turned = layer
        here = angles if not config.unrotated_layers else _unless(turned, angles)
        query, key, value = _project(block, x, here, config)
        cache, keys, values = _remember(cache, key, value, number, start)
        seen: tuple[Array, ...] = ()
        if keep:
            mixed, weights = attend(query, keys, values, seeing)
            seen = (*_heads_first(query, key, value), weights)
        else:
            mixed = mix(query, keys, values, seeing)
        x = x + _linear(mixed, block.output, block.output_bias)
        x = x + _feed_forward(block, _rms_norm(x, block.feed_norm, config))
        return (x, cache), ((x, *seen) if keep else ())

    (x, cache), seen = jax.lax.scan(step, (x, cache), (params.blocks, layers, jnp.asarray(rotated)))
    return _rms_norm(x, params.norm, config), cache, seen


def next_logits(params: LlamaParams, x: Float[Array, "T D"]) -> Float[Array, "T V"]:
    """Compare vectors with the head's rows: one score for each token of the vocabulary.

    Args:
        params: Every parameter.
        x: From `run_layers`.

    Returns:
        Logits, shape `[T V]`.
    """
    return _linear(x, params.embedding if params.head is None else params.head, None)


def _remember(
    cache: Cache, key: Array, value: Array, layer: Array, start: Array
) -> tuple[Cache, Array, Array]:
    """Return the cache with these tokens' keys and values, and all that this layer can see."""
    if not cache.keys.shape[1]:
        return cache, key, value
    at = (layer, start, jnp.int32(0), jnp.int32(0))
    cache = Cache(
        jax.lax.dynamic_update_slice(cache.keys, key[None], at),
        jax.lax.dynamic_update_slice(cache.values, value[None], at),
    )
    return cache, cache.keys[layer], cache.values[layer]


def _heads_first(*vectors: Array) -> tuple[Array, ...]:
    return tuple(part.transpose(1, 0, 2) for part in vectors)


def _linear(x: Array, weight: Array, bias: Array | None) -> Array:
    # One token: as a vector, since a product with a matrix of one row would copy the weights first.
    y = (x[0] @ weight.T)[None] if len(x) == 1 else jnp.einsum("ti,oi->to", x, weight)
    return y if bias is None else y + bias[None, :]


def _rms_norm(x: Array, gain: Array, config: LlamaConfig) -> Array:
    scale = jax.lax.rsqrt((x**2).mean(-1, keepdims=True) + config.norm_epsilon)
    return x * scale * jnp.broadcast_to(gain, x.shape)


def _project(
    block: Block, x: Array, angles: Turns, config: LlamaConfig
) -> tuple[Array, Array, Array]:
    """Return queries [T N H], keys and values [T K H] of one layer, the first two rotated."""
    x = _rms_norm(x, block.attention_norm, config)
    query, key, value = (
        _linear(x, weight, bias).reshape(len(x), -1, config.d_head)
        for weight, bias in (
            (block.query, block.query_bias),
            (block.key, block.key_bias),
            (block.value, block.value_bias),
        )
    )
    if block.query_gain is not None and block.key_gain is not None:
        query = _rms_norm(query, block.query_gain, config)
        key = _rms_norm(key, block.key_gain, config)
    return rotate(query, angles, config), rotate(key, angles, config), value


def _unless(turned: Array, turns: Turns) -> Turns:
    cosine, sine = turns
    return jnp.where(turned, cosine, 1.0), jnp.where(turned, sine, 0.0)


def _feed_forward(block: Block, x: Array) -> Array:
    if len(x) == 1:
        gate, up = _linear(x, block.gate, None), _linear(x, block.up, None)
        # Written as a quotient, it is computed once and not anew for each row of `down`.
        return _linear(gate * up / (1 + jnp.exp(-gate)), block.down, None)
    # Weights first and tokens last: such products are the faster ones. The barrier keeps the
    # order of the axes from spreading to the norms, whose sums would then leap through memory.
    gate, up = (jnp.einsum("fd,td->ft", weight, x) for weight in (block.gate, block.up))
    down: Array = block.down @ (jax.nn.silu(gate) * up)
    return jax.lax.optimization_barrier(down).T  # type: ignore[no-any-return, no-untyped-call]
