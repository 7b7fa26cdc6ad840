"""Continuing a text token by token, with keys and values kept so that no token is read twice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int

from explainer.models.llama_decoder import (
    Cache,
    Tokens,
    empty_cache,
    next_logits,
    run_layers,
)
from explainer.models.llama_params import LlamaConfig, LlamaParams

_PROMPT_STEP, _CACHE_STEP = 16, 64
"""Lengths are rounded up to multiples of these, so that few of them are compiled."""


def sample_token(
    logits: Float[Array, " V"],
    *,
    key: Array,
    temperature: float | Array = 1.0,
    top_k: int | None = None,
    top_p: float | Array | None = None,
) -> Int[Array, ""]:
    r"""Draw one token with probability $\mathrm{softmax}(z / T)$, cut to the likeliest.

    Args:
        logits: A score for each token.
        key: Random key.
        temperature: $T$; at 0 the likeliest token is taken and nothing is drawn.
        top_k: Only this many of the likeliest may be drawn; equal ones at the edge all may.
        top_p: Only the likeliest that together reach this probability may be drawn, at least one;
            counted among those that `top_k` leaves.

    Returns:
        The token's id.

    Raises:
        ValueError: If a setting is out of range.

    Examples:
        >>> int(sample_token(jnp.array([0.0, 5.0, 1.0]), key=jax.random.key(0), top_k=1))
        1

    References:
        Fan et al. 2018, Hierarchical Neural Story Generation, section 5.1 (top-k);
        Holtzman et al. 2019, The Curious Case of Neural Text Degeneration, section 3.1 (top-p).
    """
    if top_k is not None and top_k < 1:
        raise ValueError(f"`top_k` (={top_k}) must be at least 1")
    safe = jnp.maximum(jnp.asarray(temperature, logits.dtype), 1e-6)
    scores = logits / safe
    if top_k is not None and top_k < len(logits):
        edge = jax.lax.top_k(scores, top_k)[0][-1]
        scores = jnp.where(scores < edge, -jnp.inf, scores)
    if top_p is not None:
        ordered = jnp.sort(scores, descending=True)
        share = jax.nn.softmax(ordered)
        # The last token that is needed: those before it do not yet reach top_p.
        needed = jnp.cumsum(share) - share < jnp.asarray(top_p, logits.dtype)
        edge = ordered[jnp.maximum(needed.sum() - 1, 0)]
        scores = jnp.where(scores < edge, -jnp.inf, scores)
    drawn = jax.random.categorical(key, scores)
    return jnp.where(jnp.asarray(temperature) > 0, drawn, logits.argmax()).astype(jnp.int32)


def generate(
    params: LlamaParams,
    prompt: Tokens | Sequence[int],
    config: LlamaConfig,
    *,
    num_tokens: int,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    stop: Sequence[int] = (),
    key: Array | None = None,
) -> Int[np.ndarray, " n"]:
    """Continue a text.

    Args:
        params: Every parameter.
        prompt: Ids of the text so far, at least one.
        config: Sizes.
        num_tokens: The most tokens to add; with the prompt at most `context_length`.
        temperature: 0 takes the likeliest token each time; above, one is drawn.
        top_k: As for `sample_token`.
        top_p: As for `sample_token`.
        stop: Ids after which nothing more is added, such as that of `<|im_end|>`.
        key: Random key; needed where tokens are drawn.

    Returns:
        The added ids, at most `num_tokens`, one that stops included.

    Raises:
        ValueError: If the prompt is empty, the text outgrows the model, a setting is out of range,
            or a key is missing.
    """
    ids = np.asarray(prompt, np.int32)
    _check(ids, num_tokens, config, temperature, top_k, top_p)
    if temperature > 0 and key is None:
        raise ValueError(f"`temperature` (={temperature}) above 0 draws tokens: give a `key`")
    limit = config.context_length
    room = min(-(-(len(ids) + num_tokens) // _CACHE_STEP) * _CACHE_STEP, limit)
    padded = np.zeros(min(-(-len(ids) // _PROMPT_STEP) * _PROMPT_STEP, room), np.int32)
    padded[: len(ids)] = ids
    drawing = temperature > 0
    text, count = _generate(
        params,
        jnp.asarray(padded),
        jnp.int32(len(ids)),
        jnp.int32(num_tokens),
        jnp.asarray(list(stop) or [-1], jnp.int32),
        jnp.float32(temperature),
        jnp.float32(1.0 if top_p is None else top_p),
        jax.random.key(0) if key is None else key,
        config=config,
        room=room,
        # What is not drawn needs neither settings nor a sort.
        top_k=top_k if drawing else None,
        cut=drawing and top_p is not None,
        drawing=drawing,
    )
    return np.asarray(text)[: int(count)]


def _check(
    ids: np.ndarray,
    num_tokens: int,
    config: LlamaConfig,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
) -> None:
    if not len(ids):
        raise ValueError("`prompt` (=0 tokens) must hold at least one")
    if num_tokens < 1:
        raise ValueError(f"`num_tokens` (={num_tokens}) must be at least 1")
    if len(ids) + num_tokens > config.context_length:
        raise ValueError(
            f"`prompt` (={len(ids)} tokens) and `num_tokens` (={num_tokens}) must together be at "
            f"most `context_length` (={config.context_length})"
        )
    if not 0 <= temperature < float("inf"):
        raise ValueError(f"`temperature` (={temperature}) must be 0 or above")
    if top_k is not None and top_k < 1:
        raise ValueError(f"`top_k` (={top_k}) must be at least 1")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"`top_p` (={top_p}) must be above 0 and at most 1")


class _State(NamedTuple):
    said: Array  # how many tokens
    last: Array  # the last of them
    text: Array  # all of them [S]
    cache: Cache
    key: Array


@partial(jax.jit, static_argnames=("config", "room", "top_k", "cut", "drawing"))
def _generate(
    params: LlamaParams,
    prompt: Array,
    prompt_length: Array,
    num_tokens: Array,
    stop: Array,
    temperature: Array,
    top_p: Array,
    key: Array,
    *,
    config: LlamaConfig,
    room: int,
    top_k: int | None,
    cut: bool,
    drawing: bool,
) -> tuple[Array, Array]:
    def say(x: Array, key: Array) -> Array:
        logits = next_logits(params, x)[0]
        if not drawing:
            return logits.argmax().astype(jnp.int32)
        return sample_token(
            logits,
            key=key,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p if cut else None,
        )

    def going_on(state: _State) -> Array:
        stopped = (state.last == stop).any()
        return (state.said < num_tokens) & ~stopped

    def step(state: _State) -> _State:
        key, now = jax.random.split(state.key)
        place = prompt_length + state.said - 1
        x, cache, _ = run_layers(params, state.last[None], state.cache, place, config)
        said = say(x, now)
        return _State(state.said + 1, said, state.text.at[state.said].set(said), cache, key)

    # What stands behind the prompt is padding: seen by none before it, and then written over.
    x, cache, _ = run_layers(params, prompt, empty_cache(config, room), jnp.int32(0), config)
    key, now = jax.random.split(key)
    said = say(jax.lax.dynamic_slice_in_dim(x, prompt_length - 1, 1), now)
    text = jnp.zeros(room, jnp.int32).at[0].set(said)
    done = jax.lax.while_loop(going_on, step, _State(jnp.int32(1), said, text, cache, key))
    return done.text, done.said
