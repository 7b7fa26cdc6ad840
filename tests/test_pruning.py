"""Masks against NumPy, and importances that do not add up."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from explainer.network import apply_mlp, init_mlp
from explainer.pruning import (
    apply_masks,
    magnitude_masks,
    mask_smallest,
    mask_smallest_of_rows,
    n_m_mask,
    removal_effects,
    sparsity_of,
    wanda_importance,
)

WEIGHT = jnp.asarray(np.random.default_rng(0).normal(size=(12, 16)), jnp.float32)


@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.5, 0.77, 1.0])
@pytest.mark.parametrize("jitted", [False, True])
def test_the_smallest_go(sparsity: float, jitted: bool) -> None:
    """The mask equals a NumPy sort, with exactly the rounded number removed."""
    run = jax.jit(mask_smallest) if jitted else mask_smallest
    mask = np.asarray(run(jnp.abs(WEIGHT), sparsity))
    magnitudes = np.abs(np.asarray(WEIGHT))
    removed = round(sparsity * WEIGHT.size)
    assert (~mask).sum() == removed
    expected = np.ones(WEIGHT.size, bool)
    expected[np.argsort(magnitudes.ravel())[:removed]] = False
    assert np.array_equal(mask.ravel(), expected)


def test_ties_do_not_remove_more_than_asked() -> None:
    """Of equal magnitudes exactly the share goes, not all or one too many."""
    assert int(mask_smallest(jnp.ones(10), 0.3).sum()) == 7


@pytest.mark.parametrize(("n", "m"), [(2, 4), (4, 8), (1, 4), (4, 4)])
def test_n_of_m_agrees_with_a_loop(n: int, m: int) -> None:
    """Every group of m neighbours keeps its n largest."""
    mask = np.asarray(jax.jit(n_m_mask, static_argnames=("n", "m"))(jnp.abs(WEIGHT), n=n, m=m))
    magnitudes = np.abs(np.asarray(WEIGHT))
    for row in range(12):
        for start in range(0, 16, m):
            group = slice(start, start + m)
            largest = sorted(np.argsort(magnitudes[row, group])[m - n :].tolist())
            assert np.flatnonzero(mask[row, group]).tolist() == largest


def test_wanda_agrees_with_a_loop_and_is_per_row() -> None:
    """Wanda's importance is |W| times the norm of its input; each row loses the same share."""
    x = np.random.default_rng(1).normal(size=(30, 16)).astype(np.float32) * np.arange(1, 17)
    x = x.astype(np.float32)
    found = wanda_importance(WEIGHT, jnp.array(x))
    for i in range(12):
        for j in range(16):
            norm = sum(float(v) ** 2 for v in x[:, j]) ** 0.5
            np.testing.assert_allclose(found[i, j], abs(float(WEIGHT[i, j])) * norm, rtol=1e-5)
    assert np.all(np.asarray(mask_smallest_of_rows(found, 0.5)).sum(1) == 8)


def test_wanda_beats_magnitude_where_inputs_differ_in_size() -> None:
    """With inputs of unequal scale Wanda's half hurts the output several times less."""
    rng = np.random.default_rng(2)
    x = jnp.asarray(rng.normal(size=(200, 16)) * np.geomspace(0.05, 5, 16), jnp.float32)

    def error(mask: jax.Array) -> float:
        return float(
            jnp.linalg.norm(x @ jnp.where(mask, 0, WEIGHT).T) / jnp.linalg.norm(x @ WEIGHT.T)
        )

    wanda = error(mask_smallest_of_rows(wanda_importance(WEIGHT, x), 0.5))
    assert wanda < error(mask_smallest_of_rows(jnp.abs(WEIGHT), 0.5)) / 3


def test_global_masks_take_more_from_the_layer_of_small_weights() -> None:
    """Per layer each loses half; globally the smaller one loses more; biases stay."""
    first, second = init_mlp((16, 16, 16), key=jax.random.key(0), init="pytorch")
    params = (first._replace(weight=first.weight / 10), second)
    by_layer = magnitude_masks(params, 0.5)
    assert [float(mask.weight.mean()) for mask in by_layer] == [0.5, 0.5]
    everywhere = magnitude_masks(params, 0.5, scope="global")
    magnitudes = np.abs(np.concatenate([np.asarray(layer.weight).ravel() for layer in params]))
    cut = np.sort(magnitudes)[256]
    for layer, mask in zip(params, everywhere, strict=True):
        assert np.array_equal(mask.weight, np.abs(np.asarray(layer.weight)) >= cut)
        assert np.all(mask.bias)
    np.testing.assert_allclose(sparsity_of(everywhere), 256 / (512 + 32), rtol=1e-6)


def test_a_whole_curve_is_one_program() -> None:
    """The share may be traced: a curve under vmap equals its points."""
    params = init_mlp((16, 8, 4), key=jax.random.key(0))
    x = jnp.ones((3, 16))

    def output(share: jax.Array) -> jax.Array:
        return apply_mlp(apply_masks(params, magnitude_masks(params, share)), x)

    shares = jnp.array([0.0, 0.3, 0.9, 1.0])
    curve = jax.jit(jax.vmap(output))(shares)
    for share, point in zip(shares, curve, strict=True):
        np.testing.assert_allclose(point, output(share), rtol=1e-5, atol=1e-6)
    assert not np.any(curve[-1])
    np.testing.assert_allclose(curve[0], apply_mlp(params, x), rtol=1e-5, atol=1e-6)


def test_two_copies_are_worth_nothing_each_and_everything_together() -> None:
    """Where the larger of two equal units counts, either may go, but not both."""
    params = jnp.array([1.0, 1.0])
    found = jax.jit(lambda p: removal_effects(lambda p: (1 - p.max()) ** 2, p, jnp.eye(2) > 0))(
        params
    )
    assert found.each.tolist() == [0.0, 0.0]
    assert float(found.together) == 1.0


def test_squared_error_of_three_equal_units_grows_with_the_square() -> None:
    """Removing one of k equal parts of a sum costs 1/k², all of them 1: k times their sum."""
    found = removal_effects(lambda p: (1 - p.sum()) ** 2, jnp.full(4, 0.25), jnp.eye(4) > 0)
    np.testing.assert_allclose(found.each, [1 / 16] * 4, rtol=1e-6)
    np.testing.assert_allclose(found.together, 4 * found.each.sum(), rtol=1e-6)


def test_refusals_name_the_values() -> None:
    """Groups that do not divide, impossible n and unknown scopes are refused."""
    with pytest.raises(ValueError, match=r"`d_in` \(=16\).*`m` \(=5\)"):
        n_m_mask(WEIGHT, n=2, m=5)
    with pytest.raises(ValueError, match=r"`n` \(=5\)"):
        n_m_mask(WEIGHT, n=5, m=4)
    with pytest.raises(ValueError, match="'everywhere'"):
        magnitude_masks(WEIGHT, 0.5, scope="everywhere")
