"""LoRA: merged equals beside, and only the adapters learn."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from explainer.lora import Adapter, apply_lora, init_lora, lora_parameters, lora_update, merge_lora
from explainer.network import apply_layer, apply_mlp, init_mlp

PARAMS = init_mlp((12, 10, 6), key=jax.random.key(0), init="pytorch")
X = jnp.asarray(np.random.default_rng(0).normal(size=(5, 12)), jnp.float32)


def random_adapters(rank: int) -> tuple[Adapter, ...]:
    """Return adapters whose B is not zero."""
    adapters = init_lora(PARAMS, rank=rank, key=jax.random.key(1))
    return tuple(
        a._replace(B=jax.random.normal(jax.random.key(depth), a.B.shape))
        for depth, a in enumerate(adapters)
    )


def test_training_begins_at_the_model_as_it_was() -> None:
    """With B at zero the merged model is the model, bit for bit."""
    adapters = init_lora(PARAMS, rank=2, key=jax.random.key(1))
    merged = merge_lora(PARAMS, adapters, alpha=16.0)
    assert jax.tree.all(jax.tree.map(np.array_equal, merged, PARAMS))
    assert all(np.any(adapter.A) for adapter in adapters)


@pytest.mark.parametrize("jitted", [False, True])
def test_merged_equals_beside_and_numpy(jitted: bool) -> None:
    """W x + (alpha / r) B A x is the same merged, beside, and in NumPy's float64."""
    layer, adapter = PARAMS[0], random_adapters(3)[0]
    run = jax.jit(apply_lora) if jitted else apply_lora
    beside = run(layer, adapter, X, alpha=6.0)
    (merged,) = merge_lora((layer,), (adapter,), alpha=6.0)
    np.testing.assert_allclose(beside, apply_layer(merged, X), rtol=1e-4, atol=1e-5)
    weight, bias, down, up, x = (np.asarray(leaf, np.float64) for leaf in (*layer, *adapter, X))
    expected = x @ (weight + 6 / 3 * up @ down).T + bias
    np.testing.assert_allclose(beside, expected, rtol=1e-4, atol=1e-5)


def test_the_update_has_the_rank() -> None:
    """The added matrix has the rank of the adapter."""
    for rank in (1, 2, 4):
        update = lora_update(random_adapters(rank)[0], alpha=1.0)
        assert np.linalg.matrix_rank(np.asarray(update), tol=1e-4) == rank


def test_trainable_counts() -> None:
    """The count r (d_in + d_out) equals the leaves; GPT-2's c_attn at rank 8 has 294,912."""
    adapters = init_lora(PARAMS, rank=2, key=jax.random.key(0))
    held = sum(leaf.size for leaf in jax.tree.leaves(adapters))
    assert held == sum(lora_parameters(*layer.weight.shape, rank=2) for layer in PARAMS)
    assert held == 2 * (12 + 10) + 2 * (10 + 6)
    assert 12 * lora_parameters(2304, 768, rank=8) == 294_912


def test_first_gradients() -> None:
    """At the start A has no gradient, since B is zero; B has one."""
    adapters = init_lora(PARAMS, rank=2, key=jax.random.key(1))

    def loss(adapters: tuple[Adapter, ...]) -> jax.Array:
        return (apply_mlp(merge_lora(PARAMS, adapters, alpha=4.0), X) ** 2).sum()

    for gradient in jax.grad(loss)(adapters):
        assert not np.any(gradient.A)
        assert np.any(gradient.B)


def test_refusals_name_the_values() -> None:
    """A rank above the smaller side and a missing adapter are refused."""
    with pytest.raises(ValueError, match=r"`rank` \(=7\) must be 1 to 6.*layer 1"):
        init_lora(PARAMS, rank=7, key=jax.random.key(0))
    with pytest.raises(ValueError, match="2 layers need as many adapters"):
        merge_lora(PARAMS, random_adapters(1)[:1], alpha=1.0)
