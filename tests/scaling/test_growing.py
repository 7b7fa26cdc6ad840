"""The made-up language and the networks that grow on it."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.network import apply_mlp, init_mlp
from explainer.scaling.growing import (
    _grow,
    _padded,
    excess_loss,
    grow,
    made_up_language,
    network_widths,
)

PLATFORMS = ("cpu", "cuda", "tpu")
LANGUAGE = made_up_language(vocab_size=3, context=2)


def test_the_language_follows_its_rules() -> None:
    """Each probability is the softmax of the rules that apply, by a loop over rules."""
    V, K = 3, 3
    found = made_up_language(vocab_size=V, context=K, decay=0.5, strength=2, seed=4)
    rng = np.random.default_rng(4)
    pairs = [(i, j, a, b) for i in range(K) for j in range(i) for a in range(V) for b in range(V)]
    rules = [(*pairs[n], int(rng.integers(V))) for n in rng.permutation(len(pairs))]
    for number, word in enumerate(itertools.product(range(V), repeat=K)):
        letters = word[::-1]  # the first letter is the least digit of the context's number
        logits = np.zeros(V)
        for rank, (i, j, a, b, said) in enumerate(rules):
            if letters[i] == a and letters[j] == b:
                logits[said] += 2 / (rank + 1) ** 0.5
        wanted = np.exp(logits) / np.exp(logits).sum()
        np.testing.assert_allclose(np.exp(found.log_probs[number]), wanted, rtol=1e-5)
        assert found.inputs[number].reshape(K, V).argmax(-1).tolist() == list(letters)


def test_excess_is_loss_above_entropy() -> None:
    """Entropy and excess add up to the cross-entropy over all contexts."""
    params = init_mlp(network_widths(LANGUAGE, 4), key=jax.random.key(0))
    logits = apply_mlp(params, LANGUAGE.inputs)
    truth = jnp.exp(LANGUAGE.log_probs)
    whole = optax.losses.softmax_cross_entropy(logits, truth).mean()
    assert float(excess_loss(params, LANGUAGE)) + LANGUAGE.entropy == pytest.approx(
        float(whole), rel=1e-5
    )


def test_units_that_are_zero_stay_zero() -> None:
    """A padded network says and learns exactly what the small one does."""
    small = init_mlp(network_widths(LANGUAGE, 3), key=jax.random.key(1))
    large = _padded(small, 8)
    np.testing.assert_allclose(
        apply_mlp(large, LANGUAGE.inputs), apply_mlp(small, LANGUAGE.inputs), rtol=1e-6
    )
    alone = jax.grad(excess_loss)(small, LANGUAGE)
    padded = jax.grad(excess_loss)(large, LANGUAGE)
    np.testing.assert_allclose(padded[0].weight[:3], alone[0].weight, atol=1e-7)
    np.testing.assert_allclose(padded[1].weight[:, :3], alone[1].weight, atol=1e-7)
    for gradient in (padded[0].weight[3:], padded[0].bias[3:], padded[1].weight[:, 3:]):
        np.testing.assert_array_equal(gradient, 0)


def test_larger_networks_lose_less_and_hungry_ones_more() -> None:
    """The loss falls with the width, and few letters read often make it worse than many."""
    found = grow(
        LANGUAGE,
        [1, 4, 4],
        key=jax.random.key(0),
        num_seeds=3,
        num_steps=300,
        letters=[38400, 38400, 30],
    )
    sizes = [width * 6 + width + width * 3 + 3 for width in (1, 4, 4)]
    assert found.parameters.tolist() == sizes
    assert (found.excess > 0).all()
    means = found.excess.mean(1)
    assert means[1] < means[0]
    assert means[1] < means[2]


def test_it_lowers_for_every_platform_and_spreads_over_devices() -> None:
    """The experiment lowers for CPU, CUDA and TPU; seeds over eight devices change nothing."""

    def run(keys: jax.Array) -> jax.Array:
        letters = jnp.array([2560, 2560], jnp.int32)
        found: jax.Array = _grow(LANGUAGE, letters, keys, widths=(1, 2), num_steps=20)
        return found

    keys = jax.random.split(jax.random.key(0), 8)
    assert export(jax.jit(run), platforms=PLATFORMS)(keys).platforms == PLATFORMS
    mesh = Mesh(np.array(jax.devices()), ("seed",))
    spread = jax.device_put(keys, NamedSharding(mesh, PartitionSpec("seed")))  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(run(spread), run(keys), rtol=1e-4)


def test_refusals() -> None:
    """Impossible sizes are refused with their values."""
    key = jax.random.key(0)
    with pytest.raises(ValueError, match=r"`vocab_size` \(=1\)"):
        made_up_language(vocab_size=1)
    with pytest.raises(ValueError, match=r"`widths` \(=\(0,\)\)"):
        grow(LANGUAGE, [0], key=key)
    with pytest.raises(ValueError, match=r"`letters` \(=\(5,\)\) must be as many"):
        grow(LANGUAGE, [2, 2], key=key, letters=[5])
    with pytest.raises(ValueError, match="each 1 to"):
        grow(LANGUAGE, [2], key=key, num_steps=1, letters=[1000])
