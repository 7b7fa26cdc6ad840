"""How a Llama's tokens look at one another: places turned into angles, and values mixed."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from explainer.models.llama_params import LlamaConfig

NUM_PARTS = 8  # of a text that is read at once: more parts skip more of the mask, compile longer
PART = 32  # tokens of a part, at least

Turns = tuple[Array, Array]


def turns(places: Array, config: LlamaConfig) -> Turns:
    """Return cosine and sine of each place's angles: place · base^(-2i/H), for each pair i.

    Args:
        places: Where the tokens stand, shape `[T]`.
        config: Sizes.

    Returns:
        Two arrays, each `[T H/2]`.
    """
    pairs = np.arange(config.d_head // 2)
    frequencies = config.rope_base ** (-2 * pairs / config.d_head)
    if config.rope_factors:
        frequencies = frequencies / np.array(config.rope_factors)
    angles = places.astype(jnp.float32)[:, None] * jnp.asarray(frequencies, jnp.float32)[None, :]
    return jnp.cos(angles), jnp.sin(angles)


def rotate(x: Array, turns: Turns, config: LlamaConfig) -> Array:
    """Turn each pair of coordinates of every head by its angle.

    Args:
        x: Queries or keys, shape `[T heads H]`.
        turns: From `turns`.
        config: Sizes, and which coordinates are a pair.

    Returns:
        An array like `x`.
    """
    T, heads, H = x.shape
    cosine, sine = (part[:, None, :] for part in turns)
    axis = 3 if config.interleaved else 2
    pairs = x.reshape(T, heads, H // 2, 2) if config.interleaved else x.reshape(T, heads, 2, -1)
    first, second = jnp.moveaxis(pairs, axis, 0)
    turned = jnp.stack((first * cosine - second * sine, second * cosine + first * sine), axis)
    return turned.reshape(T, heads, H)


def visible(places: Array, num_seen: int, config: LlamaConfig) -> Array:
    """Return which token may look at which: itself and what stands before it.

    Args:
        places: Where the tokens stand that look, shape `[T]`.
        num_seen: How many places there are to look at, $S$.
        config: Sizes.

    Returns:
        Booleans, shape `[T S]`.
    """
    back = places[:, None] - jnp.arange(num_seen, dtype=jnp.int32)[None, :]
    before = back >= 0
    return before if config.window is None else before & (back < config.window)


def attend(query: Array, keys: Array, values: Array, visible: Array) -> tuple[Array, Array]:
    """Return the mixed values and the attention weights.

    Args:
        query: Shape `[T N H]`.
        keys: Shape `[S K H]`.
        values: Shape `[S K H]`.
        visible: Shape `[T S]`.

    Returns:
        Values `[T N*H]` and weights `[N T S]`, whose rows sum to 1.
    """
    T, N, H = query.shape
    S, K, _ = keys.shape
    # Neighbouring queries share a key head: all of them are rows of one product, [K G*T H].
    grouped = query.reshape(T, K, N // K, H).transpose(1, 2, 0, 3).reshape(K, -1, H)
    scores = (grouped @ keys.transpose(1, 2, 0)).reshape(N, T, S) / H**0.5
    weights = jax.nn.softmax(jnp.where(visible[None], scores, -jnp.inf))
    mixed = weights.reshape(K, -1, S) @ values.transpose(1, 0, 2)
    return mixed.reshape(N, T, H).transpose(1, 0, 2).reshape(T, N * H), weights


def mix(query: Array, keys: Array, values: Array, visible: Array) -> Array:
    """Return what `attend` mixes, without its weights and with less work.

    A text that is read at once has nothing before it: its first quarter sees a quarter of the
    keys. And the weights are divided by their sum after they have been used.

    Args:
        query: As for `attend`.
        keys: As for `attend`.
        values: As for `attend`.
        visible: As for `attend`.

    Returns:
        Values, shape `[T N*H]`.
    """
    T, N, H = query.shape
    S, K, _ = keys.shape
    if T == 1:
        return _mix_one(query[0] / H**0.5, keys, values, visible[0])[None]
    keys, values = keys.transpose(1, 0, 2), values.transpose(1, 0, 2)  # [K S H]
    query = (query / H**0.5).reshape(T, K, N // K, H).transpose(1, 2, 0, 3)  # [K G T H]
    size = max(-(-T // NUM_PARTS), PART) if T == S else T
    mixed = []
    for start in range(0, T, size):
        end = min(start + size, T)
        seen = end if T == S else S
        asked = query[:, :, start:end].reshape(K, -1, H)
        scores = (asked @ keys[:, :seen].transpose(0, 2, 1)).reshape(K, N // K, -1, seen)
        scores = jnp.where(visible[None, None, start:end, :seen], scores, -jnp.inf)
        weights = jnp.exp(scores - scores.max(-1, keepdims=True))
        summed = weights.reshape(K, -1, seen) @ values[:, :seen]
        mixed.append(summed.reshape(K, N // K, -1, H) / weights.sum(-1)[..., None])
    return jnp.concatenate(mixed, axis=2).transpose(2, 0, 1, 3).reshape(T, N * H)


def _mix_one(query: Array, keys: Array, values: Array, visible: Array) -> Array:
    """Return what one token mixes, [N*H], from queries [N H] that are scaled already.

    Head by head: a vector times a slice of the cache is computed where the slice lies, while one
    product for all heads would first turn the whole cache round.
    """
    N, K = len(query), keys.shape[1]
    served = [head * K // N for head in range(N)]
    scores = jnp.stack([query[head] @ keys[:, at].T for head, at in enumerate(served)])
    scores = jnp.where(visible[None], scores, -jnp.inf)
    weights = jax.nn.softmax(scores)
    return jnp.concatenate([weights[head] @ values[:, at] for head, at in enumerate(served)])
