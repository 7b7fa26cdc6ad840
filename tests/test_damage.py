"""Measures of damage, against NumPy, SciPy and laws that hold for any input."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from scipy.spatial.distance import pdist
from scipy.stats import rankdata, spearmanr

from explainer.damage import (
    cosine,
    embedding_damage,
    pair_cosines,
    ranks,
    relative_error,
    signal_to_noise,
    spearman,
)

RNG = np.random.default_rng(0)
WANTED = RNG.normal(size=(12, 7)).astype(np.float32)
FOUND = (WANTED + 0.4 * RNG.normal(size=WANTED.shape)).astype(np.float32)


def test_relative_error_and_noise_are_numpys() -> None:
    """Both agree with the formulas in float64, on matrices and under jit."""
    x, y = FOUND.astype(np.float64), WANTED.astype(np.float64)
    error = np.sqrt(((x - y) ** 2).sum() / (y**2).sum())
    decibels = 10 * np.log10((y**2).sum() / ((x - y) ** 2).sum())
    for run in (relative_error, jax.jit(relative_error)):
        np.testing.assert_allclose(run(jnp.asarray(FOUND), jnp.asarray(WANTED)), error, rtol=1e-6)
    found = signal_to_noise(jnp.asarray(FOUND), jnp.asarray(WANTED))
    np.testing.assert_allclose(found, decibels, rtol=1e-5)


def test_ends_of_the_scale() -> None:
    """No error is 0 and infinitely many decibels; all zeros is 1 and none; from nothing, all."""
    x, zeros = jnp.asarray(WANTED), jnp.zeros((12, 7))
    assert relative_error(x, x) == 0
    assert signal_to_noise(x, x) == jnp.inf
    assert relative_error(zeros, x) == 1
    assert signal_to_noise(zeros, x) == 0
    assert relative_error(zeros, zeros) == 0
    assert relative_error(x, zeros) == jnp.inf


def test_halving_the_error_is_six_decibels() -> None:
    """A tenth of the size is 20 dB, half of that 20 log10 2 more."""
    x = jnp.ones(100)
    np.testing.assert_allclose(signal_to_noise(1.1 * x, x), 20, atol=1e-4)
    np.testing.assert_allclose(signal_to_noise(1.05 * x, x), 26.0206, atol=1e-3)


def test_cosines_are_scipys() -> None:
    """Row by row, and over all pairs in the order of SciPy's condensed distances."""
    np.testing.assert_allclose(pair_cosines(jnp.asarray(WANTED)), 1 - pdist(WANTED, "cosine"),
                               atol=1e-6)  # fmt: skip
    norms = np.linalg.norm(FOUND, axis=1) * np.linalg.norm(WANTED, axis=1)
    found = cosine(jnp.asarray(FOUND), jnp.asarray(WANTED))
    np.testing.assert_allclose(found, (FOUND * WANTED).sum(1) / norms, atol=1e-6)
    assert bool(jnp.isnan(cosine(jnp.zeros(3), jnp.ones(3))))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=3, max_size=3), st.integers(0, 10**6))
def test_ranks_share_ties(values: list[int], seed: int) -> None:
    """Ranks are SciPy's mean ranks, for lists full of equal values."""
    drawn = np.random.default_rng(seed).choice(values, size=16).astype(np.float32)
    assert ranks(jnp.asarray(drawn)).tolist() == rankdata(drawn).tolist()


def test_spearman_is_scipys() -> None:
    """With ties and without, and it sees the order only."""
    x = RNG.normal(size=200).astype(np.float32)
    y = (x + RNG.normal(size=200)).astype(np.float32)
    tied = np.round(y)
    for other in (y, tied):
        wanted = spearmanr(x, other).statistic
        np.testing.assert_allclose(spearman(jnp.asarray(x), jnp.asarray(other)), wanted, atol=1e-5)
    np.testing.assert_allclose(spearman(jnp.asarray(x), jnp.exp(jnp.asarray(x))), 1, atol=1e-6)
    np.testing.assert_allclose(spearman(jnp.asarray(x), -jnp.asarray(x)), -1, atol=1e-6)
    assert bool(jnp.isnan(spearman(jnp.ones(5), jnp.arange(5.0))))


def test_embedding_damage_is_a_loop() -> None:
    """Each field equals its definition in NumPy and SciPy; the error leaves out each sentence."""
    damage = embedding_damage(jnp.asarray(FOUND), jnp.asarray(WANTED))
    unit = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (FOUND, WANTED)]
    itself = (unit[0] * unit[1]).sum(1)
    first, second = np.triu_indices(12, k=1)
    pairs = [(u[first] * u[second]).sum(1) for u in unit]
    moved = np.abs(pairs[0] - pairs[1])
    wanted = [itself.mean(), itself.min(), moved.mean(), moved.max(), spearmanr(*pairs).statistic]
    np.testing.assert_allclose(damage[:5], wanted, atol=1e-5)
    places = [rankdata(p) for p in pairs]
    left = []
    for out in range(12):
        kept = (first != out) & (second != out)
        left.append(np.corrcoef(places[0][kept], places[1][kept])[0, 1])
    error = np.sqrt(11 / 12 * ((np.array(left) - np.mean(left)) ** 2).sum())
    np.testing.assert_allclose(damage.spearman_error, error, rtol=1e-4)


def test_no_damage_is_no_damage() -> None:
    """A model compared with itself keeps everything, without an error."""
    damage = embedding_damage(jnp.asarray(WANTED), jnp.asarray(WANTED))
    np.testing.assert_allclose(damage, [1, 1, 0, 0, 1, 0], atol=1e-6)


def test_other_lengths_change_nothing() -> None:
    """Only directions count: doubling every vector is no damage."""
    damage = embedding_damage(2 * jnp.asarray(WANTED), jnp.asarray(WANTED))
    np.testing.assert_allclose(damage, [1, 1, 0, 0, 1, 0], atol=1e-6)


@pytest.mark.parametrize("axis", [0, 1])
def test_eight_devices_equal_one(axis: int) -> None:
    """Sentences or dimensions shared over eight devices give the figures of one."""
    mesh = Mesh(np.array(jax.devices()), ("x",))
    spec = PartitionSpec(*((None,) * axis), "x")  # type: ignore[no-untyped-call]
    pair = [jnp.asarray(RNG.normal(size=(16, 24)).astype(np.float32)) for _ in range(2)]
    shared = jax.device_put(pair, NamedSharding(mesh, spec))
    np.testing.assert_allclose(embedding_damage(*pair), embedding_damage(*shared), atol=2e-6)


def test_it_lowers_for_every_platform() -> None:
    """All six figures lower for CPU, CUDA and TPU, and the exported program agrees."""
    platforms = ("cpu", "cuda", "tpu")

    def run(found: jax.Array, wanted: jax.Array) -> jax.Array:
        return jnp.stack(embedding_damage(found, wanted))

    pair = (jnp.asarray(FOUND), jnp.asarray(WANTED))
    exported = export(jax.jit(run), platforms=platforms)(*pair)
    assert exported.platforms == platforms
    found = exported.call(*pair)  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(found, run(*pair), atol=1e-6)
