"""The decoder on random parameters: a loop in NumPy, any platform, eight devices."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.models.generation import generate, sample_token
from explainer.models.llama_decoder import apply_llama, trace_llama
from explainer.models.llama_params import Block, LlamaConfig, LlamaParams, expected_shapes

CONFIG = LlamaConfig(
    vocab_size=40,
    d_model=32,
    num_layers=2,
    num_heads=8,
    num_kv_heads=2,
    d_head=4,
    d_ff=48,
    context_length=64,
    rope_base=100.0,
    interleaved=True,
)
WIDE = LlamaConfig(40, 64, 2, 8, 8, 8, 64, 64, interleaved=True)
TOKENS = np.array([3, 1, 4, 1, 5, 9, 2, 6], np.int32)
PLATFORMS = ("cpu", "cuda", "tpu")


def random_params(config: LlamaConfig) -> LlamaParams:
    """Draw parameters in NumPy."""
    rng = np.random.default_rng(0)
    values = {}
    for name, shape in expected_shapes(config).items():
        outside = name in ("embedding", "norm", "head")
        full = shape if outside else (config.num_layers, *shape)
        values[name] = jnp.asarray(rng.normal(0, 0.4, full).astype(np.float32))
    top = {name: values.pop(name) for name in ("embedding", "norm", "head") if name in values}
    return LlamaParams(blocks=Block(**values), **top)


PARAMS = random_params(CONFIG)


def in_numpy(params: LlamaParams, tokens: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return logits and attention weights by the formulas, head by head and pair by pair."""
    p: Any = jax.tree.map(lambda leaf: np.asarray(leaf, np.float64), params)
    c, T = CONFIG, len(tokens)

    def norm(x: Any, gain: Any) -> Any:
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + c.norm_epsilon) * gain

    def turn(x: np.ndarray, place: int) -> np.ndarray:
        out = x.copy()
        for pair in range(c.d_head // 2):
            angle = place * c.rope_base ** (-2 * pair / c.d_head)
            a, b = x[2 * pair], x[2 * pair + 1]
            out[2 * pair] = a * np.cos(angle) - b * np.sin(angle)
            out[2 * pair + 1] = a * np.sin(angle) + b * np.cos(angle)
        return out

    x, maps = p.embedding[tokens], []
    for layer in range(c.num_layers):
        b: Any = jax.tree.map(itemgetter(layer), p.blocks)
        h = norm(x, b.attention_norm)
        mixed = np.zeros((T, c.num_heads, c.d_head))
        weights = np.zeros((c.num_heads, T, T))
        for head in range(c.num_heads):
            shared = head // (c.num_heads // c.num_kv_heads)
            rows = slice(head * c.d_head, (head + 1) * c.d_head)
            kv_rows = slice(shared * c.d_head, (shared + 1) * c.d_head)
            for t in range(T):
                query = turn(b.query[rows] @ h[t], t)
                keys = [turn(b.key[kv_rows] @ h[s], s) for s in range(t + 1)]
                scores = np.exp([query @ key / np.sqrt(c.d_head) for key in keys])
                weights[head, t, : t + 1] = scores / scores.sum()
                values = [b.value[kv_rows] @ h[s] for s in range(t + 1)]
                mixed[t, head] = weights[head, t, : t + 1] @ np.array(values)
        x = x + mixed.reshape(T, -1) @ b.output.T
        h = norm(x, b.feed_norm)
        gate = h @ b.gate.T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ b.up.T)) @ b.down.T
        maps.append(weights)
    return norm(x, p.norm) @ p.embedding.T, maps


def test_it_is_a_loop_in_numpy() -> None:
    """Logits and attention maps equal loops over heads, tokens and pairs, written in NumPy."""
    logits, maps = in_numpy(PARAMS, TOKENS)
    seen = trace_llama(PARAMS, TOKENS, CONFIG)
    np.testing.assert_allclose(seen.logits, logits, rtol=0, atol=2e-5)
    np.testing.assert_allclose(seen.attention, maps, rtol=0, atol=2e-6)
    np.testing.assert_allclose(apply_llama(PARAMS, TOKENS, CONFIG), logits, rtol=0, atol=2e-5)


@pytest.mark.parametrize("length", [1, 33, 64])
def test_a_text_of_any_length_is_that_loop(length: int) -> None:
    """One token, and texts long enough to be mixed in unequal parts, agree with it too."""
    tokens = (np.arange(length, dtype=np.int32) * 7) % 40
    logits, _ = in_numpy(PARAMS, tokens)
    np.testing.assert_allclose(apply_llama(PARAMS, tokens, CONFIG), logits, rtol=0, atol=5e-5)


def test_a_token_sees_no_later_one() -> None:
    """The derivative of a token's logits by every later token's vector is exactly zero."""

    def run(rows: jax.Array) -> jax.Array:
        params = PARAMS._replace(embedding=rows, head=PARAMS.embedding)
        logits: jax.Array = apply_llama(params, np.arange(8, dtype=np.int32), CONFIG)
        return logits

    slopes = jax.jacobian(run)(PARAMS.embedding[:8])  # [T V T D]
    reach = np.asarray(jnp.abs(slopes).max((1, 3)))
    assert (np.triu(reach, 1) == 0).all()
    assert (reach[np.tril_indices(8)] > 0).all()


def test_it_lowers_for_every_platform() -> None:
    """The forward pass lowers for CPU, CUDA and TPU, and the exported program agrees."""
    leaves, tree = jax.tree.flatten(PARAMS)

    def flat(leaves: list[jax.Array], tokens: jax.Array) -> Any:
        return apply_llama(jax.tree.unflatten(tree, leaves), tokens, CONFIG)

    tokens = jnp.asarray(TOKENS)
    exported = export(jax.jit(flat), platforms=PLATFORMS)(leaves, tokens)
    assert exported.platforms == PLATFORMS
    found = exported.call(leaves, tokens)  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(found, flat(leaves, tokens), atol=1e-5)


def test_no_weight_is_a_constant() -> None:
    """The compiled program takes every parameter as an argument and holds none itself."""
    jaxpr = jax.make_jaxpr(partial(apply_llama, config=CONFIG))(PARAMS, TOKENS)
    assert all(constant.size <= len(TOKENS) for constant in jaxpr.consts)
    zeros = jax.tree.map(jnp.zeros_like, PARAMS)
    assert not np.asarray(apply_llama(zeros, TOKENS, CONFIG)).any()


def spread(params: LlamaParams, mesh: Mesh) -> LlamaParams:
    """Return the parameters, heads, hidden units and vocabulary spread over the mesh."""

    def put(leaf: jax.Array, *axes: str | None) -> Any:
        spec = PartitionSpec(*axes)  # type: ignore[no-untyped-call]
        return jax.device_put(leaf, NamedSharding(mesh, spec))

    blocks = jax.tree.map(put, params.blocks)
    for name in ("query", "key", "value", "gate", "up"):
        blocks = blocks._replace(**{name: put(getattr(blocks, name), None, "model")})
    for name in ("output", "down"):
        blocks = blocks._replace(**{name: put(getattr(blocks, name), None, None, "model")})
    return LlamaParams(put(params.embedding, "model"), blocks, put(params.norm))


def test_eight_devices_equal_one() -> None:
    """Heads, hidden units and vocabulary shared over eight devices give the logits of one."""
    assert jax.device_count() == 8
    mesh = Mesh(np.array(jax.devices()), ("model",))
    params = random_params(WIDE)
    one = apply_llama(params, TOKENS, WIDE)
    shared = spread(params, mesh)
    tokens = jax.device_put(TOKENS, NamedSharding(mesh, PartitionSpec()))  # type: ignore[no-untyped-call]
    many = apply_llama(shared, tokens, WIDE)
    assert len(many.sharding.device_set) == 8
    np.testing.assert_allclose(one, many, rtol=0, atol=2e-5)
    held = shared.blocks.up.addressable_shards[0].data.size
    assert held * 8 == params.blocks.up.size
    program = apply_llama.lower(shared, tokens, WIDE).compile().as_text()
    assert program is not None and "all-reduce" in program


def test_sizes_are_checked() -> None:
    """Sizes that do not fit name both values; so does a text too long, or none."""
    with pytest.raises(ValueError, match=r"`num_heads` \(=8\).*`num_kv_heads` \(=3\)"):
        LlamaConfig(40, 32, 2, 8, 3, 4, 48, 64)
    with pytest.raises(ValueError, match=r"`d_ff` \(=0\) must be at least 1"):
        LlamaConfig(40, 32, 2, 8, 2, 4, 0, 64)
    with pytest.raises(ValueError, match=r"`rope_factors` \(=1 of them\).*\(=2\)"):
        LlamaConfig(40, 32, 2, 8, 2, 4, 48, 64, rope_factors=(1.0,))
    with pytest.raises(ValueError, match=r"`norm_epsilon` \(=nan\)"):
        LlamaConfig(40, 32, 2, 8, 2, 4, 48, 64, norm_epsilon=float("nan"))
    for length in (0, 65):
        with pytest.raises(ValueError, match=rf"`tokens` \(={length} of them\).*\(=64\)"):
            apply_llama(PARAMS, np.zeros(length, np.int32), CONFIG)


def test_an_unknown_id_gives_nan() -> None:
    """An id outside the vocabulary shows: it is not silently taken for another."""
    logits = apply_llama(PARAMS, np.array([1, 40, 2], np.int32), CONFIG)
    assert bool(jnp.isnan(logits[1:]).all())


@pytest.mark.parametrize("prompt_length", [1, 15, 16, 17])
def test_generation_is_a_loop_of_full_passes(prompt_length: int) -> None:
    """Greedy tokens with a cache are those of a whole pass for each token, at any length."""
    prompt = (np.arange(prompt_length, dtype=np.int32) * 7) % 40
    said = generate(PARAMS, prompt, CONFIG, num_tokens=9)
    text = prompt
    for token in said:
        # Padded to one length: what stands behind changes nothing.
        padded = np.zeros(32, np.int32)
        padded[: len(text)] = text
        logits = apply_llama(PARAMS, padded, CONFIG)[len(text) - 1]
        assert token == logits.argmax()
        text = np.append(text, token)
    assert len(said) == 9


def test_generation_stops() -> None:
    """Nothing is added after a token that stops, and that token is the last."""
    said = generate(PARAMS, TOKENS, CONFIG, num_tokens=9)
    stop = int(said[3])
    first = said.tolist().index(stop)
    again = generate(PARAMS, TOKENS, CONFIG, num_tokens=9, stop=[39, stop])
    np.testing.assert_array_equal(again, said[: first + 1])


def test_drawing_needs_a_key_and_repeats_with_it() -> None:
    """The same key draws the same text, another one another, and no key is an error."""
    draw = partial(generate, PARAMS, TOKENS, CONFIG, num_tokens=20, temperature=1.0)
    one, same, other = (draw(key=jax.random.key(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    with pytest.raises(ValueError, match=r"`temperature` \(=1.0\).*give a `key`"):
        draw()
    likeliest = generate(PARAMS, TOKENS, CONFIG, num_tokens=20)
    np.testing.assert_array_equal(draw(key=jax.random.key(0), top_k=1), likeliest)
    np.testing.assert_array_equal(draw(key=jax.random.key(0), top_p=1e-6), likeliest)


def shares(n: int = 20_000, **settings: Any) -> np.ndarray:
    """Return how often each of four tokens is drawn; their odds are 8 : 4 : 2 : 1."""
    logits = jnp.log(jnp.array([2.0, 8.0, 1.0, 4.0]))
    keys = jax.random.split(jax.random.key(0), n)
    drawn = jax.vmap(lambda key: sample_token(logits, key=key, **settings))(keys)
    return np.bincount(drawn, minlength=4) / n


@pytest.mark.parametrize(
    ("settings", "odds"),
    [
        ({}, [2, 8, 1, 4]),
        ({"temperature": 0.5}, [4, 64, 1, 16]),
        ({"temperature": 0.0}, [0, 1, 0, 0]),
        ({"top_k": 2}, [0, 8, 0, 4]),
        ({"top_p": 0.5}, [0, 1, 0, 0]),  # 8/15 reach a half
        ({"top_p": 0.6}, [0, 8, 0, 4]),
        ({"top_p": 0.81}, [2, 8, 0, 4]),
        ({"top_p": 1.0}, [2, 8, 1, 4]),
        ({"top_k": 3, "top_p": 0.8}, [0, 8, 0, 4]),  # 12 of the 14 that are left
    ],
)
def test_sampling_has_the_stated_odds(settings: dict[str, Any], odds: list[int]) -> None:
    """Twenty thousand draws are within two hundredths of the odds worked out by hand."""
    found = shares(**settings)
    np.testing.assert_allclose(found, np.array(odds) / sum(odds), atol=0.02)
    assert (found[np.array(odds) == 0] == 0).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"num_tokens": 0}, r"`num_tokens` \(=0\) must be at least 1"),
        ({"num_tokens": 57}, r"`prompt` \(=8 tokens\) and `num_tokens` \(=57\).*\(=64\)"),
        ({"temperature": -1.0}, r"`temperature` \(=-1.0\) must be 0 or above"),
        ({"temperature": float("nan")}, r"`temperature` \(=nan\)"),
        ({"top_k": 0}, r"`top_k` \(=0\) must be at least 1"),
        ({"top_p": 0.0}, r"`top_p` \(=0.0\) must be above 0"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any], message: str) -> None:
    """Each setting of a generation names itself, its value and its range."""
    with pytest.raises(ValueError, match=message):
        generate(PARAMS, TOKENS, CONFIG, **{"num_tokens": 4, **settings})
    with pytest.raises(ValueError, match=r"`prompt` \(=0 tokens\)"):
        generate(PARAMS, [], CONFIG, num_tokens=4)
