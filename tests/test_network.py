"""An MLP as a plain pytree."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from explainer.network import Layer, apply_mlp, init_mlp, mlp_shapes

KEY = jax.random.key(0)


@pytest.mark.parametrize("jitted", [False, True])
@pytest.mark.parametrize("use_bias", [True, False])
def test_forward_agrees_with_numpy_loops(jitted: bool, use_bias: bool) -> None:
    """The network equals a scalar loop over units and inputs."""
    params = init_mlp((3, 4, 5, 2), key=KEY, init="pytorch", use_bias=use_bias)
    x = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    run = jax.jit(apply_mlp) if jitted else apply_mlp
    expected = []
    for row in x:
        values = [float(v) for v in row]
        for index, layer in enumerate(params):
            weight = np.asarray(layer.weight)
            bias = np.zeros(len(weight)) if layer.bias is None else np.asarray(layer.bias)
            sums = [
                sum(float(w) * v for w, v in zip(row_weights, values, strict=True)) + float(b)
                for row_weights, b in zip(weight, bias, strict=True)
            ]
            values = sums if index == 2 else [max(s, 0.0) for s in sums]
        expected.append(values)
    np.testing.assert_allclose(run(params, x), expected, rtol=1e-4, atol=1e-6)


def test_the_popular_network_has_55510_parameters() -> None:
    """100-500-10 holds 50,000 + 500 + 5,000 + 10 numbers, 510 of them biases."""
    shapes = mlp_shapes((100, 500, 10))
    assert sum(leaf.size for leaf in jax.tree.leaves(shapes)) == 55_510
    assert sum(layer.bias.size for layer in shapes if layer.bias is not None) == 510
    assert sum(leaf.size for leaf in jax.tree.leaves(mlp_shapes((100, 500, 10), use_bias=False)))


def test_shapes_allocate_nothing_and_match_the_parameters() -> None:
    """Shapes of a network too large for any machine are known; small ones match the drawn."""
    huge = mlp_shapes((10**6, 10**6, 10))
    assert sum(leaf.size for leaf in jax.tree.leaves(huge)) == 10**12 + 10**6 + 10**7 + 10
    drawn = jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), init_mlp((4, 3, 2), key=KEY))
    assert drawn == jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), mlp_shapes((4, 3, 2)))


def test_gpt2_initialiser() -> None:
    """GPT-2 draws weights with deviation 0.02 and starts every bias at zero."""
    first, second = init_mlp((1000, 500, 10), key=KEY, init="gpt2")
    assert abs(float(first.weight.std()) - 0.02) < 2e-4  # 500,000 draws: s.e. 2e-5
    assert abs(float(first.weight.mean())) < 2e-4
    assert not np.any(first.bias)
    assert not np.any(second.bias)


def test_pytorch_initialiser() -> None:
    """`nn.Linear(100, 200)` draws weight and bias uniformly in (-0.1, 0.1)."""
    (layer,) = init_mlp((100, 200), key=KEY, init="pytorch")
    for leaf in layer:
        assert leaf is not None
        assert 0.095 < float(jnp.abs(leaf).max()) <= 0.1
        assert abs(float(leaf.std()) - 0.2 / 12**0.5) < 0.006


def test_lecun_initialiser_keeps_the_variance() -> None:
    """LeCun's weights have variance 1 / d_in, so unit inputs give sums of unit variance."""
    (layer,) = init_mlp((400, 1000), key=KEY)
    sums = apply_mlp((layer,), jax.random.normal(jax.random.key(1), (100, 400)))
    assert abs(float(sums.std()) - 1) < 0.02


@pytest.mark.parametrize("activation", [jax.nn.relu, jnp.tanh])
def test_an_all_zero_network_has_only_output_bias_gradients(activation: object) -> None:
    """From all zeros nothing moves but the output bias: where phi(0) = 0 the rest is stuck."""
    params = init_mlp((3, 4, 2), key=KEY, init="zeros")
    x, labels = jnp.ones((5, 3)), jax.nn.one_hot(jnp.array([0, 0, 0, 1, 1]), 2)

    def loss(params: tuple[Layer, ...]) -> jax.Array:
        logits = apply_mlp(params, x, activation=activation)  # type: ignore[arg-type]
        return -(labels * jax.nn.log_softmax(logits)).sum()

    hidden, out = jax.grad(loss)(params)
    assert not any(np.any(leaf) for leaf in (*hidden, out.weight))
    np.testing.assert_allclose(out.bias, [5 / 2 - 3, 5 / 2 - 2], rtol=1e-6)


def test_initialisers_follow_the_key_and_the_dtype() -> None:
    """One key gives one network; another key another; the dtype is the one asked for."""
    one, same = (init_mlp((4, 3), key=KEY, dtype=jnp.bfloat16) for _ in range(2))
    other = init_mlp((4, 3), key=jax.random.key(1), dtype=jnp.bfloat16)
    assert np.array_equal(one[0].weight, same[0].weight)
    assert not np.array_equal(one[0].weight, other[0].weight)
    assert {leaf.dtype for leaf in jax.tree.leaves(one)} == {jnp.dtype(jnp.bfloat16)}


def test_refusals_name_the_values() -> None:
    """One width, a width of zero and a wrong number of features are refused."""
    with pytest.raises(ValueError, match=r"\(5,\)"):
        init_mlp((5,), key=KEY)
    with pytest.raises(ValueError, match=r"\(5, 0\)"):
        mlp_shapes((5, 0))
    with pytest.raises(ValueError, match=r"4 features.*takes 3"):
        apply_mlp(init_mlp((3, 2), key=KEY), jnp.ones((1, 4)))
