"""Gradient accumulation against the whole batch."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.export import export

from explainer.gradients import average_gradients, value_and_gradient

X = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
Y = (X @ np.array([1.0, -2.0, 0.5], np.float32) + 1).astype(np.float32)
BATCH = (jnp.array(X), jnp.array(Y))
W = jnp.array([0.1, 0.2, 0.3])
KEY = jax.random.key(0)


def loss(w: jax.Array, batch: tuple[jax.Array, jax.Array], key: jax.Array) -> jax.Array:
    """Return the mean squared error of a linear model."""
    return ((batch[0] @ w - batch[1]) ** 2).mean()


def by_hand(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the closed-form gradient in float64."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    gradient: np.ndarray = 2 * x.T @ (x @ np.asarray(W, np.float64) - y) / len(x)
    return gradient


@pytest.mark.parametrize("jitted", [False, True])
@pytest.mark.parametrize("num_chunks", [1, 2, 8, 64])
def test_equal_chunks_give_the_closed_form(num_chunks: int, jitted: bool) -> None:
    """Accumulated over any number of equal chunks the gradient is that of the whole batch."""

    def run(w: jax.Array) -> tuple[jax.Array, jax.Array]:
        return value_and_gradient(loss, w, BATCH, key=KEY, num_chunks=num_chunks)

    value, gradient = (jax.jit(run) if jitted else run)(W)
    np.testing.assert_allclose(gradient, by_hand(X, Y), rtol=1e-5, atol=1e-6)
    residual = X.astype(np.float64) @ np.asarray(W, np.float64) - Y
    np.testing.assert_allclose(value, (residual**2).mean(), rtol=1e-5)


def test_unequal_chunks_need_their_sizes() -> None:
    """Weighted by size, chunks of 5 and 59 give the gradient; averaged naively they are off."""
    sizes = [5, 59]
    parts = [
        jax.grad(loss)(W, jax.tree.map(lambda leaf, rows=rows: leaf[rows], BATCH), KEY)
        for rows in (slice(0, 5), slice(5, 64))
    ]
    expected = by_hand(X, Y)
    np.testing.assert_allclose(average_gradients(parts, sizes), expected, rtol=1e-5, atol=1e-6)
    naive = average_gradients(parts, [1, 1])
    assert np.abs(np.asarray(naive) - expected).max() > 0.1


def test_each_chunk_draws_for_itself() -> None:
    """The chunks of one batch see different random numbers."""

    def noise(w: jax.Array, batch: jax.Array, key: jax.Array) -> jax.Array:
        return w * jax.random.normal(key)

    _, gradient = value_and_gradient(noise, jnp.array(1.0), BATCH[1], key=KEY, num_chunks=4)
    draws = [float(jax.random.normal(key)) for key in jax.random.split(KEY, 4)]
    assert len(set(draws)) == 4
    np.testing.assert_allclose(gradient, np.mean(draws), rtol=1e-6)


def test_a_step_lowers_for_every_platform() -> None:
    """One step with accumulation lowers for CPU, CUDA and TPU without such a device."""

    def step(w: jax.Array) -> jax.Array:
        _, gradient = value_and_gradient(loss, w, BATCH, key=KEY, num_chunks=4)
        moved: jax.Array = w - 0.1 * gradient
        return moved

    exported = export(jax.jit(step), platforms=("cpu", "cuda", "tpu"))(W)
    moved = exported.call(W)  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(moved, W - 0.1 * by_hand(X, Y), rtol=1e-5)


def test_refusals_name_rule_and_values() -> None:
    """A batch that does not divide, and a missing size, are refused."""
    with pytest.raises(ValueError, match=r"batch of 64.*`num_chunks` \(=3\).*average_gradients"):
        value_and_gradient(loss, W, BATCH, key=KEY, num_chunks=3)
    with pytest.raises(ValueError, match="2 gradients and 1 sizes"):
        average_gradients([W, W], [1])
