"""One loop, checked against steps by hand, PyTorch's and optax's rules, and eight devices."""

from __future__ import annotations

import os
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.export import export
from jax.sharding import Mesh
from jax.tree_util import Partial
from sklearn.linear_model import LogisticRegression

from explainer.classification import (
    Examples,
    accuracy,
    classification_loss,
    classification_metrics,
    cross_entropy,
)
from explainer.network import apply_mlp, dropout, init_mlp
from explainer.training import Trained, batch_rows, train

KEY = jax.random.key(0)
PLATFORMS = ("cpu", "cuda", "tpu")


def make_examples(seed: int, n: int = 64) -> Examples:
    """Return points in the plane, two classes apart by a circle."""
    x = np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)
    return Examples(jnp.array(x), jnp.array((x**2).sum(1) > 1.4, jnp.int32))


DATA, TEST = make_examples(0), make_examples(1)
PARAMS = init_mlp((2, 16, 2), key=KEY)
ADAM, SGD = optax.adam(1e-2), optax.sgd(0.1)
fit = partial(train, PARAMS, DATA, loss=classification_loss, key=KEY)


def assert_trees_close(one: object, other: object, atol: float) -> None:
    """Compare every leaf."""
    jax.tree.map(partial(np.testing.assert_allclose, rtol=0, atol=atol), one, other)


def test_sgd_is_a_numpy_loop() -> None:
    """Ten steps of SGD on a linear model equal w - lr * gradient, written in NumPy."""
    x, y = np.asarray(DATA.x, np.float64), np.asarray(DATA.x, np.float64) @ [1.5, -2.0]

    def loss(w: jax.Array, batch: tuple[jax.Array, jax.Array], key: jax.Array) -> jax.Array:
        return ((batch[0] @ w - batch[1]) ** 2).mean()

    data = (DATA.x, jnp.asarray(y, jnp.float32))
    run = train(jnp.zeros(2), data, loss=loss, optimizer=SGD, num_steps=10, key=KEY)
    w, losses = np.zeros(2), []
    for _ in range(10):
        error = x @ w - y
        losses.append((error**2).mean())
        w = w - 0.1 * 2 * x.T @ error / len(x)
    np.testing.assert_allclose(run.params, w, rtol=1e-5)
    np.testing.assert_allclose(run.losses, losses, rtol=1e-4)


@pytest.mark.parametrize("gradient", [1e-3, 1.0, 1e3])
def test_adams_first_step_is_the_learning_rate(gradient: float) -> None:
    """Adam's first step has the size of the learning rate for any size of the gradient."""
    run = train(
        jnp.array(0.0),
        jnp.array([gradient]),
        loss=lambda w, batch, key: (w * batch).mean(),
        optimizer=optax.adam(1e-3),
        num_steps=1,
        key=KEY,
    )
    np.testing.assert_allclose(run.params, -1e-3, rtol=2e-5)


def test_weight_decay_shrinks_without_a_gradient() -> None:
    """At zero gradient AdamW shrinks by (1 - lr * decay) a step: 0.9048 after a thousand."""
    run = train(
        jnp.array(1.0),
        jnp.zeros(1),
        loss=lambda w, batch, key: 0 * w,
        optimizer=optax.adamw(1e-3, weight_decay=0.1),
        num_steps=1000,
        key=KEY,
    )
    np.testing.assert_allclose(run.params, (1 - 1e-4) ** 1000, rtol=1e-4)
    assert round(float(run.params), 4) == 0.9048


def test_a_bias_alone_learns_the_logit_of_the_prevalence() -> None:
    """The intercept-only model ends at log(p / (1 - p)), as scikit-learn's does."""
    labels = np.zeros(1000, np.int32)
    labels[:10] = 1

    def loss(b: jax.Array, batch: jax.Array, key: jax.Array) -> jax.Array:
        each: jax.Array = optax.losses.sigmoid_binary_cross_entropy(jnp.full(1000, b), batch)
        return each.mean()

    run = train(
        jnp.array(0.0),
        jnp.asarray(labels, jnp.float32),
        loss=loss,
        optimizer=optax.sgd(20.0),
        num_steps=500,
        key=KEY,
    )
    reference = LogisticRegression(C=1e9, tol=1e-10).fit(np.zeros((1000, 1)), labels)
    np.testing.assert_allclose(run.params, np.log(0.01 / 0.99), atol=1e-4)
    np.testing.assert_allclose(run.params, reference.intercept_[0], atol=1e-3)


@pytest.mark.parametrize("num_chunks", [2, 8, 64])
def test_accumulation_equals_the_whole_batch(num_chunks: int) -> None:
    """Twenty steps in chunks end within 1e-6 of twenty steps at once."""
    whole = fit(optimizer=SGD, num_steps=20)
    parts = fit(optimizer=SGD, num_steps=20, num_chunks=num_chunks)
    assert_trees_close(whole.params, parts.params, atol=1e-6)
    assert_trees_close(whole.losses, parts.losses, atol=1e-6)


def test_eight_devices_equal_one() -> None:
    """Data-parallel training on eight simulated devices ends within 2e-6 of one device."""
    assert jax.device_count() == 8, os.environ.get("XLA_FLAGS")
    mesh = Mesh(np.array(jax.devices()), ("data",))
    for batch_size, num_chunks in ((None, 1), (32, 1), (32, 2)):
        run = partial(
            fit, optimizer=SGD, num_steps=30, batch_size=batch_size, num_chunks=num_chunks
        )
        one, many = run(), run(mesh=mesh)
        assert_trees_close(one, many, atol=2e-6)


def test_eight_devices_share_the_work() -> None:
    """The program for the mesh holds an eighth of the batch a device and sums the gradients."""
    mesh = Mesh(np.array(jax.devices()), ("data",))

    def run(data: Examples) -> Trained:
        return train(
            PARAMS,
            data,
            loss=classification_loss,
            optimizer=SGD,
            num_steps=2,
            key=KEY,
            mesh=mesh,
        )

    text = jax.jit(run).lower(DATA).compile().as_text()
    assert text is not None
    assert "all-reduce" in text
    assert "f32[8,16]" in text  # 64 / 8 examples, 16 hidden units


def test_seeds_under_vmap_equal_seeds_one_by_one() -> None:
    """Three seeds at once end where each ends alone."""
    keys = jax.random.split(KEY, 3)

    def run(key: jax.Array) -> jax.Array:
        params = init_mlp((2, 4, 2), key=key)
        return train(
            params,
            DATA,
            loss=classification_loss,
            optimizer=SGD,
            num_steps=20,
            batch_size=16,
            key=key,
        ).losses

    at_once = jax.jit(jax.vmap(run))(keys)
    for key, losses in zip(keys, at_once, strict=True):
        np.testing.assert_allclose(losses, run(key), atol=1e-6)


def test_learning_rates_under_vmap() -> None:
    """A sweep of learning rates is one program, equal to the closed form on a parabola."""

    def run(rate: jax.Array) -> jax.Array:
        found: jax.Array = train(
            jnp.array(1.0),
            jnp.ones(1),
            loss=lambda w, batch, key: 2 * w**2,
            optimizer=optax.sgd(rate),
            num_steps=50,
            key=KEY,
        ).params
        return found

    rates = jnp.array([0.01, 0.25, 0.5, 0.51])
    expected = (1 - 4 * np.asarray(rates, np.float64)) ** 50
    np.testing.assert_allclose(jax.vmap(run)(rates), expected, rtol=1e-4, atol=1e-12)


def test_minibatches_visit_each_example_once_an_epoch() -> None:
    """Within an epoch no example repeats; the next epoch has another order."""
    rows = np.asarray(batch_rows(10, 3, 7, key=KEY))
    assert rows.shape == (7, 3)
    first, second = rows[:3].ravel(), rows[3:6].ravel()
    assert len(set(first)) == len(set(second)) == 9
    assert not np.array_equal(first, second)


def test_each_step_draws_anew() -> None:
    """No two steps, whether in one record or in two, see the same random numbers."""
    run = train(
        jnp.array(0.0),
        jnp.ones(1),
        loss=lambda w, batch, key: 0 * w + jax.random.normal(key),
        optimizer=SGD,
        num_steps=6,
        record_every=2,
        key=KEY,
    )
    assert len(set(run.losses.tolist())) == 6


def test_curves_are_recorded_at_the_stated_steps() -> None:
    """Records stand at 0, 5, ..., 20 and equal metrics of runs that stop there."""
    watched = {"train": DATA, "test": TEST}
    run = fit(
        optimizer=ADAM,
        num_steps=20,
        metrics=classification_metrics,
        watched=watched,
        record_every=5,
    )
    assert run.curves is not None
    assert run.curves.steps.tolist() == [0, 5, 10, 15, 20]
    assert set(run.curves.metrics) == {
        "train_loss",
        "train_accuracy",
        "test_loss",
        "test_accuracy",
    }
    halfway = fit(optimizer=ADAM, num_steps=10).params
    for index, params in ((0, PARAMS), (2, halfway), (4, run.params)):
        logits = np.asarray(apply_mlp(params, TEST.x), np.float64)
        labels = np.asarray(TEST.labels)
        shifted = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        loss = -shifted[np.arange(64), labels].mean()
        right = (logits.argmax(1) == labels).mean()
        np.testing.assert_allclose(run.curves.metrics["test_loss"][index], loss, atol=1e-5)
        np.testing.assert_allclose(run.curves.metrics["test_accuracy"][index], right, atol=1e-6)
    np.testing.assert_allclose(run.curves.metrics["train_loss"][0], run.losses[0], atol=1e-6)


def test_it_learns_a_circle() -> None:
    """A hidden layer of 16 classifies the circle; a network without one cannot."""
    deep = fit(optimizer=optax.adam(5e-2), num_steps=400)
    assert accuracy(apply_mlp(deep.params, DATA.x), DATA.labels) > 0.95
    flat = train(
        init_mlp((2, 2), key=KEY),
        DATA,
        loss=classification_loss,
        optimizer=ADAM,
        num_steps=400,
        key=KEY,
    )
    assert accuracy(apply_mlp(flat.params, DATA.x), DATA.labels) < 0.8


def test_the_same_settings_compile_once() -> None:
    """A new temperature, dropout rate or key reuses the compiled program."""
    traces = []

    def loss(params: jax.Array, batch: jax.Array, key: jax.Array, *, scale: float) -> jax.Array:
        traces.append(scale)
        return (scale * params * batch).mean()

    for scale in (1.0, 2.0, 3.0):
        run = train(
            jnp.array(0.0),
            jnp.ones(4),
            loss=Partial(loss, scale=scale),  # type: ignore[no-untyped-call]
            optimizer=SGD,
            num_steps=3,
            key=jax.random.key(int(scale)),
        )
        np.testing.assert_allclose(run.params, -0.3 * scale, rtol=1e-6)
    assert len(traces) == 1


def test_dropout_keeps_the_expected_value() -> None:
    """Half are zero, the rest twice as large; after a ReLU about three quarters are zero."""
    x = jax.random.normal(jax.random.key(1), (400, 500))
    dropped = jax.jit(partial(dropout, key=KEY))(x, 0.5)
    zeros = np.asarray(dropped == 0)
    assert abs(zeros.mean() - 0.5) < 0.005
    assert np.array_equal(np.asarray(dropped)[~zeros], 2 * np.asarray(x)[~zeros])
    assert abs(float(dropout(jnp.ones((400, 500)), 0.5, key=KEY).mean()) - 1) < 0.01
    after = jax.nn.relu(dropped)
    assert abs(float((after == 0).mean()) - 0.75) < 0.005
    assert np.array_equal(after, dropout(jax.nn.relu(x), 0.5, key=KEY))


def test_dropout_only_where_training_asks_for_it() -> None:
    """A rate of zero, and use without a key, leave the network as it is."""
    plain = apply_mlp(PARAMS, DATA.x)
    assert np.array_equal(plain, apply_mlp(PARAMS, DATA.x, dropout_rate=0.9))
    assert np.array_equal(plain, apply_mlp(PARAMS, DATA.x, dropout_rate=0.0, key=KEY))
    assert not np.array_equal(plain, apply_mlp(PARAMS, DATA.x, dropout_rate=0.5, key=KEY))
    losses = [
        float(classification_loss(PARAMS, DATA, jax.random.key(k), dropout_rate=0.5))
        for k in (1, 2)
    ]
    assert losses[0] != losses[1]


def test_cross_entropy_agrees_with_its_gradient() -> None:
    """Its gradient in the logits is (softmax - one-hot) / n."""
    logits = jax.random.normal(KEY, (8, 5))
    labels = jnp.arange(8) % 5
    gradient = jax.jit(jax.grad(cross_entropy))(logits, labels)
    exponentials = np.exp(np.asarray(logits, np.float64))
    softmax = exponentials / exponentials.sum(1, keepdims=True)
    np.testing.assert_allclose(gradient, (softmax - np.eye(5)[np.asarray(labels)]) / 8, atol=1e-7)


def test_the_loop_lowers_for_every_platform() -> None:
    """The training loop, with minibatches, chunks and records, lowers for CPU, CUDA and TPU."""

    def run(params: object, data: Examples, seed: jax.Array) -> tuple[jax.Array, object]:
        found = train(
            params,
            data,
            loss=partial(classification_loss, dropout_rate=0.1),
            optimizer=ADAM,
            num_steps=6,
            batch_size=32,
            num_chunks=2,
            metrics=classification_metrics,
            watched={"train": data},
            record_every=3,
            key=jax.random.key(seed),
        )
        return found.losses, found.params[0].weight

    exported = export(jax.jit(run), platforms=PLATFORMS)(PARAMS, DATA, jnp.array(0))
    assert exported.platforms == PLATFORMS
    losses, _ = exported.call(PARAMS, DATA, jnp.array(0))  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(losses, run(PARAMS, DATA, jnp.array(0))[0], atol=1e-6)


def test_refusals_name_rule_and_values() -> None:
    """Sizes that do not divide are refused with both values."""
    mesh = Mesh(np.array(jax.devices()), ("data",))
    with pytest.raises(ValueError, match=r"`batch_size` \(=65\) must be 1 to 64"):
        fit(optimizer=SGD, num_steps=1, batch_size=65)
    with pytest.raises(ValueError, match=r"`num_chunks` \(=3\)"):
        fit(optimizer=SGD, num_steps=1, num_chunks=3)
    with pytest.raises(ValueError, match=r"devices of the mesh \(=8\)"):
        fit(optimizer=SGD, num_steps=1, batch_size=20, mesh=mesh)
    with pytest.raises(ValueError, match=r"type Auto \(is Explicit\).*jax.sharding.Mesh"):
        fit(optimizer=SGD, num_steps=1, mesh=jax.make_mesh((8,), ("data",)))
    with pytest.raises(ValueError, match=r"`num_steps` \(=10\).*`record_every` \(=3\)"):
        fit(optimizer=SGD, num_steps=10, record_every=3)
