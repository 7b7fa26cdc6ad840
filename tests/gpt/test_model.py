"""The forward pass, checked against NumPy loops in float64, PyTorch's logits and closed forms."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.export import export

from explainer.gpt import GPTConfig, apply_gpt, init_gpt, trace_gpt
from explainer.parameters import (
    attention_parameters,
    count_parameters,
    embedding_parameters,
    feed_forward_parameters,
    norm_parameters,
)

CONFIG = GPTConfig()
PLATFORMS = ("cpu", "cuda", "tpu")
trace, logits_of = jax.jit(trace_gpt), jax.jit(apply_gpt)
REFERENCE = Path(__file__).parents[1] / "data" / "gpt_torch.json"


def drawn(seed: int, config: GPTConfig = CONFIG) -> dict[str, Any]:
    """Return parameters none of which is small or special, by a formula that any language has."""
    shapes = jax.eval_shape(lambda: init_gpt(config, key=jax.random.key(0)))
    leaves, tree = jax.tree.flatten(shapes)
    drawn, start = [], seed
    for leaf in leaves:
        index = np.arange(start, start + leaf.size)
        drawn.append(np.float32(0.5 * np.sin(index * 0.7 + index**2 * 1e-3)).reshape(leaf.shape))
        start += leaf.size
    return jax.tree.unflatten(tree, [jnp.asarray(leaf) for leaf in drawn])  # type: ignore[no-any-return]


def normalised(x: list[float], norm: dict[str, np.ndarray]) -> np.ndarray:
    """Return LayerNorm of one vector."""
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((value - mean) ** 2 for value in x) / len(x) + 1e-5)
    scaled = np.array([(value - mean) / spread for value in x])
    return np.asarray(scaled * norm["gain"] + norm["bias"])


def loops(params: Any, tokens: list[int], config: GPTConfig) -> dict[str, Any]:
    """Run a GPT in float64, one place, one head and one earlier place at a time."""
    p = jax.tree.map(lambda leaf: np.asarray(leaf, np.float64), params)
    D, H = config.d_model, config.d_model // config.num_heads
    stream = [p["token_embedding"][k] + p["position_embedding"][t] for t, k in enumerate(tokens)]
    attention = np.zeros((config.num_layers, config.num_heads, len(tokens), len(tokens)))
    hidden = np.zeros((config.num_layers, len(tokens), 4 * D))
    for layer in range(config.num_layers):
        b = jax.tree.map(lambda leaf, at=layer: leaf[at], p["blocks"])
        qkv = [
            b["qkv"]["weight"] @ normalised(x, b["ln_attention"]) + b["qkv"]["bias"] for x in stream
        ]
        for t in range(len(tokens)):
            mixed = np.zeros(D)
            for head in range(config.num_heads):
                part = slice(head * H, head * H + H)
                query = qkv[t][:D][part]
                scores = [query @ qkv[s][D : 2 * D][part] / math.sqrt(H) for s in range(t + 1)]
                total = sum(math.exp(score) for score in scores)
                for s, score in enumerate(scores):
                    share = math.exp(score) / total
                    attention[layer, head, t, s] = share
                    mixed[part] += share * qkv[s][2 * D :][part]
            stream[t] = stream[t] + b["projection"]["weight"] @ mixed + b["projection"]["bias"]
            up = b["up"]["weight"] @ normalised(stream[t], b["ln_mlp"]) + b["up"]["bias"]
            inner = math.sqrt(2 / math.pi) * (up + 0.044715 * up**3)
            hidden[layer, t] = 0.5 * up * (1 + np.tanh(inner))
            stream[t] = stream[t] + b["down"]["weight"] @ hidden[layer, t] + b["down"]["bias"]
    final = np.stack([normalised(x, p["ln_final"]) for x in stream])
    return {
        "attention": attention,
        "gelu": hidden,
        "residual": np.stack(stream),
        "logits": final @ p["token_embedding"].T,
    }


def test_count_is_the_closed_form() -> None:
    """The tied model has the 85,584 parameters of facts: 144 + 528 + 3 × 28,272 + 96."""
    layer = (
        attention_parameters(48, 3)
        + feed_forward_parameters(48, 192, gated=False)
        + 2 * norm_parameters(48)
    )
    whole = embedding_parameters(3, 48) + embedding_parameters(11, 48) + 3 * layer
    params = init_gpt(CONFIG, key=jax.random.key(0))
    assert count_parameters(params) == whole + norm_parameters(48) == 85_584
    assert layer == 28_272


@pytest.mark.parametrize("tokens", [[2], [2, 1, 0, 1, 1, 2], [0, 2, 1, 1, 0, 0, 0, 0, 0, 1, 1]])
def test_agrees_with_loops(tokens: list[int]) -> None:
    """Logits, attention, hidden units and the last stream are those of loops in float64."""
    params = drawn(1)
    expected = loops(params, tokens, CONFIG)
    seen = trace(params, np.array(tokens, np.int32), CONFIG)
    # Numbers of size 1 to 100 in float32, after some 300 additions each.
    np.testing.assert_allclose(seen["logits"], expected["logits"], atol=2e-4)
    np.testing.assert_allclose(seen["blocks"]["attention"], expected["attention"], atol=2e-4)
    np.testing.assert_allclose(seen["blocks"]["gelu"], expected["gelu"], atol=5e-4)
    np.testing.assert_allclose(seen["blocks"]["residual"][-1], expected["residual"], atol=5e-4)


def test_agrees_with_loops_for_other_sizes() -> None:
    """Two heads, four layers, another width and vocabulary: the loops give the same."""
    config = GPTConfig(num_layers=4, num_heads=2, d_model=6, context_length=5, vocab_size=7)
    params, tokens = drawn(3, config), [6, 0, 3, 3, 1]
    logits = logits_of(params, np.array(tokens, np.int32), config)
    np.testing.assert_allclose(logits, loops(params, tokens, config)["logits"], atol=1e-4)


def test_agrees_with_pytorch() -> None:
    """The logits are those that PyTorch computed once, by its own layers, in float32."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    for case in reference["cases"]:
        logits = logits_of(drawn(case["seed"]), np.array(case["tokens"], np.int32), CONFIG)
        np.testing.assert_allclose(logits, case["logits"], atol=2e-4)


def test_trace_holds_together() -> None:
    """Every vector has its shape, and each step of the trace follows from the ones before it."""
    L, N, T, D, F, H = 3, 3, 8, 48, 192, 16
    params = drawn(2)
    seen = trace(params, np.array([0, 1, 2, 0, 2, 2, 1, 0], np.int32), CONFIG)
    shapes = {name: leaf.shape for name, leaf in seen["blocks"].items()}
    wide = dict.fromkeys(
        ("ln_attention", "mix", "projection", "residual_attention", "ln_mlp", "down", "residual"),
        (L, T, D),
    )
    heads = dict.fromkeys(("query", "key", "value"), (L, N, T, H))
    squares = dict.fromkeys(("scores", "attention"), (L, N, T, T))
    assert shapes == wide | heads | squares | dict.fromkeys(("up", "gelu"), (L, T, F))
    assert seen["ln_final"].shape == (T, D)
    blocks = jax.tree.map(np.asarray, seen["blocks"])
    np.testing.assert_allclose(seen["token"] + seen["position"], seen["residual"])
    np.testing.assert_allclose(blocks["attention"].sum(-1), 1, atol=1e-6)
    assert (np.triu(blocks["attention"], k=1) == 0).all()
    entered = np.concatenate([np.asarray(seen["residual"])[None], blocks["residual"][:-1]])
    np.testing.assert_array_equal(entered + blocks["projection"], blocks["residual_attention"])
    np.testing.assert_array_equal(blocks["residual_attention"] + blocks["down"], blocks["residual"])
    np.testing.assert_allclose(seen["probabilities"].sum(-1), 1, atol=1e-6)


def test_trace_and_apply_agree() -> None:
    """The pass that keeps everything gives the logits of the pass that keeps nothing."""
    params, tokens = drawn(2), np.array([0, 1, 2, 0], np.int32)
    traced = trace_gpt(params, tokens, CONFIG)["logits"]
    np.testing.assert_allclose(traced, apply_gpt(params, tokens, CONFIG), atol=1e-5)


def test_no_place_sees_what_follows() -> None:
    """Change the last token, and every row of logits but the last stays as it was."""
    params = drawn(4)
    one, other = (
        logits_of(params, np.array([0, 1, 2, 0, last], np.int32), CONFIG) for last in (1, 2)
    )
    np.testing.assert_array_equal(one[:-1], other[:-1])
    assert float(jnp.abs(one[-1] - other[-1]).max()) > 0.1


def test_jit_and_vmap_change_nothing() -> None:
    """Compiled, and over a batch, the logits are those of one plain call."""
    params, batch = drawn(5), np.array([[0, 1, 2], [2, 2, 1]], np.int32)
    plain = np.stack([np.asarray(apply_gpt(params, tokens, CONFIG)) for tokens in batch])
    compiled = jax.jit(jax.vmap(lambda tokens: apply_gpt(params, tokens, CONFIG)))(batch)
    np.testing.assert_allclose(compiled, plain, atol=2e-5)


def test_starts_as_gpt2_does() -> None:
    """Biases start at 0, gains at 1, weights with a spread of 0.02, quieter where layers add."""
    params = jax.tree.map(np.asarray, init_gpt(CONFIG, key=jax.random.key(3)))
    blocks = params["blocks"]
    for layer in ("qkv", "projection", "up", "down"):
        assert not blocks[layer]["bias"].any()
    assert (blocks["ln_mlp"]["gain"] == 1).all()
    assert blocks["up"]["weight"].std() == pytest.approx(0.02, rel=0.02)
    assert blocks["down"]["weight"].std() == pytest.approx(0.02 / math.sqrt(6), rel=0.02)
    assert (blocks["qkv"]["weight"][0] != blocks["qkv"]["weight"][1]).any()


def test_lowers_for_all_platforms() -> None:
    """The trace lowers for CPU, CUDA and TPU, and the CPU's part gives what a plain call gives."""
    params, tokens = drawn(6), jnp.array([2, 1, 0, 1], jnp.int32)
    exported = export(jax.jit(trace_gpt), platforms=PLATFORMS)(params, tokens, CONFIG)
    assert exported.platforms == PLATFORMS
    logits = exported.call(params, tokens, CONFIG)["logits"]  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(logits, apply_gpt(params, tokens, CONFIG), atol=1e-5)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"num_heads": 5}, r"`d_model` \(=48\) must be divisible by `num_heads` \(=5\)"),
        ({"num_layers": 0}, r"`num_layers` \(=0\) must be at least 1"),
    ],
)
def test_impossible_sizes_are_refused(sizes: dict[str, int], message: str) -> None:
    """Sizes that make no model are refused with their values."""
    with pytest.raises(ValueError, match=message):
        GPTConfig(**sizes)


def test_too_long_a_text_is_refused() -> None:
    """Twelve tokens do not fit a context of eleven."""
    with pytest.raises(ValueError, match=r"`tokens` \(=12 of them\).*`context_length` \(=11\)"):
        apply_gpt(drawn(0), np.zeros(12, np.int32), CONFIG)
