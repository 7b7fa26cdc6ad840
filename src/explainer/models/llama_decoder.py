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

from explainer.models.llama_params import Block, LlamaConfig, LlamaParams

NUM_PARTS = 4  # of a text that is read at once: more parts skip more of the mask, compile longer

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
    cache = empty_cache(config, len(tokens))
    x, _, _ = run_layers(params, tokens, cache, jnp.int32(0), config)
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
    cache = empty_cache(config, len(tokens))
    x, cache, kept = run_layers(params, tokens, cache, jnp.int32(0), config, keep=True)
    residual, query, attention = kept
    key, value = (held.transpose(0, 2, 1, 3) for held in cache)
    return Seen(residual, query, key, value, attention, next_logits(params, x))


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
    if not 1 <= num_tokens <= config.context_length:
        raise ValueError(
            f"`tokens` (={num_tokens} of them) must be between 1 and `context_length` "
            f"(={config.context_length})"
        )
    shape = (config.num_layers, num_tokens, config.num_kv_heads, config.d_head)
    return Cache(jnp.zeros(shape, jnp.float32), jnp.zeros(shape, jnp.float32))


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
        cache: Keys and values of the first `start` tokens, with room for these.
        start: How many tokens were read before.
        config: Sizes.
        keep: Whether to return what each layer computed.

    Returns:
        The stream after the last layer, the cache with these tokens in it, and with `keep` the
        streams `[L T D]`, queries `[L N T H]` and attention weights `[L N T S]`.
    """
    T = len(tokens)
    # Each id picks a row of the table: from here on there are vectors.
    x = jnp.take(params.embedding, jnp.asarray(tokens), axis=0, mode="fill")  # [T D]
    places = start + jnp.arange(T, dtype=jnp.int32)
    turns = _turns(places, config)  # cosines and sines, each [T H/2]
    visible = _visible(places, cache.keys.shape[1], config)  # [T S]
    layers = jnp.arange(config.num_layers, dtype=jnp.int32)
    rotated = np.isin(np.arange(config.num_layers), config.unrotated_layers, invert=True)

    def step(
        carry: tuple[Array, Cache], layer: tuple[Block, Array, Array]
    ) -> tuple[tuple[Array, Cache], tuple[Array, ...]]:
        x, cache = carry
        block, number, turned = layer
        normed = _rms_norm(x, block.attention_norm, config)
        query, key, value = _project(block, normed, config)
        angles = turns if not config.unrotated_layers else _unless(turned, turns)
        query, key = _rotate(query, angles, config), _rotate(key, angles, config)
        at = (number, start, jnp.int32(0), jnp.int32(0))
        keys = jax.lax.dynamic_update_slice(cache.keys, key[None], at)
        values = jax.lax.dynamic_update_slice(cache.values, value[None], at)
        if keep:
            mixed, *weights = _attend(query, keys[number], values[number], visible)
        else:
            mixed, weights = _mix(query, keys[number], values[number], visible), []
        x = x + _linear(mixed, block.output, block.output_bias)
        x = x + _feed_forward(block, _rms_norm(x, block.feed_norm, config))
        seen = (x, query.transpose(1, 0, 2), *weights) if keep else ()
        return (x, Cache(keys, values)), seen

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


def _linear(x: Array, weight: Array, bias: Array | None) -> Array:
    y = jnp.einsum("ti,oi->to", x, weight)
    return y if bias is None else y + bias[None, :]


def _rms_norm(x: Array, gain: Array, config: LlamaConfig) -> Array:
    scale = jax.lax.rsqrt((x**2).mean(-1, keepdims=True) + config.norm_epsilon)
    return x * scale * jnp.broadcast_to(gain, x.shape)


def _project(block: Block, x: Array, config: LlamaConfig) -> tuple[Array, Array, Array]:
    """Return queries [T N H], keys and values [T K H] of one layer."""
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
    return query, key, value


def _turns(places: Array, config: LlamaConfig) -> tuple[Array, Array]:
    """Return cosine and sine of each place's angles: place · base^(-2i/H), for each pair i."""
    pairs = np.arange(config.d_head // 2)
    frequencies = config.rope_base ** (-2 * pairs / config.d_head)
    if config.rope_factors:
        frequencies = frequencies / np.array(config.rope_factors)
    angles = places.astype(jnp.float32)[:, None] * jnp.asarray(frequencies, jnp.float32)[None, :]
    return jnp.cos(angles), jnp.sin(angles)


def _unless(turned: Array, turns: tuple[Array, Array]) -> tuple[Array, Array]:
    cosine, sine = turns
    return jnp.where(turned, cosine, 1.0), jnp.where(turned, sine, 0.0)


def _rotate(x: Array, turns: tuple[Array, Array], config: LlamaConfig) -> Array:
    """Turn each pair of coordinates of every head, [T heads H], by its angle."""
    T, heads, H = x.shape
    cosine, sine = (part[:, None, :] for part in turns)
    axis = 3 if config.interleaved else 2
    pairs = x.reshape(T, heads, H // 2, 2) if config.interleaved else x.reshape(T, heads, 2, -1)
    first, second = jnp.moveaxis(pairs, axis, 0)
    turned = jnp.stack((first * cosine - second * sine, second * cosine + first * sine), axis)
    return turned.reshape(T, heads, H)


def _visible(places: Array, num_seen: int, config: LlamaConfig) -> Array:
    """Return which token may look at which: itself and what stands before it, [T S]."""
    back = places[:, None] - jnp.arange(num_seen, dtype=jnp.int32)[None, :]
    visible = back >= 0
    return visible if config.window is None else visible & (back < config.window)


def _attend(query: Array, keys: Array, values: Array, visible: Array) -> tuple[Array, Array]:
    """Return the mixed values [T N*H] and the attention weights [N T S]."""
    T, N, H = query.shape
    S, K, _ = keys.shape
    # Neighbouring queries share a key head: all of them are rows of one product, [K G*T H].
    grouped = query.reshape(T, K, N // K, H).transpose(1, 2, 0, 3).reshape(K, -1, H)
    scores = (grouped @ keys.transpose(1, 2, 0)).reshape(N, T, S) / H**0.5
    weights = jax.nn.softmax(jnp.where(visible[None], scores, -jnp.inf))
    mixed = weights.reshape(K, -1, S) @ values.transpose(1, 0, 2)
    return mixed.reshape(N, T, H).transpose(1, 0, 2).reshape(T, N * H), weights


def _mix(query: Array, keys: Array, values: Array, visible: Array) -> Array:
    """Return what `_attend` mixes, without its weights and without looking into the future.

    A cache with room for these tokens alone holds none before them: the first quarter of them sees
    a quarter of the keys. And the weights are divided by their sum after they have been used.
    """
    T, N, H = query.shape
    S, K, _ = keys.shape
    size = -(-T // NUM_PARTS) if T == S else T
    mixed = []
    for start in range(0, T, size):
        end = min(start + size, T)
        seen = end if T == S else S
        grouped = query[start:end].reshape(-1, K, N // K, H).transpose(1, 2, 0, 3)
        scores = (grouped.reshape(K, -1, H) / H**0.5) @ keys[:seen].transpose(1, 2, 0)
        scores = scores.reshape(N, -1, seen)
        scores = jnp.where(visible[None, start:end, :seen], scores, -jnp.inf)
        weights = jnp.exp(scores - scores.max(-1, keepdims=True))
        summed = weights.reshape(K, -1, seen) @ values[:seen].transpose(1, 0, 2)
        part = summed.reshape(N, -1, H) / weights.sum(-1)[:, :, None]
        mixed.append(part.transpose(1, 0, 2).reshape(-1, N * H))
    return jnp.concatenate(mixed)


def _feed_forward(block: Block, x: Array) -> Array:
    gate = jax.nn.silu(_linear(x, block.gate, None))
    return _linear(gate * _linear(x, block.up, None), block.down, None)
