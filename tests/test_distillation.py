"""Soft labels against closed forms and PyTorch's conventions, and text that a teacher wrote."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.export import export

from explainer.distillation import (
    distillation_loss,
    flatten_wrong_classes,
    sample_text,
    sequence_loss,
    shuffle_wrong_classes,
    soft_labels,
    soft_loss,
)

RNG = np.random.default_rng(0)
STUDENT = jnp.asarray(RNG.normal(0, 2, (32, 10)), jnp.float32)
TEACHER = jnp.asarray(RNG.normal(0, 2, (32, 10)), jnp.float32)
LABELS = jnp.asarray(RNG.integers(0, 10, 32), jnp.int32)
KEY = jax.random.key(0)


def softmax(logits: object, temperature: float = 1.0) -> np.ndarray:
    """Return NumPy's float64 softmax."""
    z = np.asarray(logits, np.float64) / temperature
    exponentials = np.exp(z - z.max(-1, keepdims=True))
    shares: np.ndarray = exponentials / exponentials.sum(-1, keepdims=True)
    return shares


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0, 100.0])
@pytest.mark.parametrize("jitted", [False, True])
def test_soft_labels_agree_with_numpy(temperature: float, jitted: bool) -> None:
    """The softmax at T equals NumPy's in float64."""
    run = jax.jit(soft_labels) if jitted else soft_labels
    found = run(TEACHER, temperature=temperature)
    np.testing.assert_allclose(found, softmax(TEACHER, temperature), rtol=2e-5)


def test_soft_labels_of_huge_logits_are_finite() -> None:
    """Logits of 1e30 give ones and zeros, not NaN."""
    assert soft_labels(jnp.array([1e30, 0.0, -1e30])).tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("temperature", [1.0, 4.0])
@pytest.mark.parametrize("jitted", [False, True])
def test_soft_loss_is_batchmean(temperature: float, jitted: bool) -> None:
    """The loss is T² times KL summed over classes and averaged over examples only."""
    run = jax.jit(soft_loss) if jitted else soft_loss
    p, q = softmax(TEACHER, temperature), softmax(STUDENT, temperature)
    each = (p * (np.log(p) - np.log(q))).sum(1)
    found = run(STUDENT, TEACHER, temperature=temperature)
    np.testing.assert_allclose(found, temperature**2 * each.mean(), rtol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 2.0, 8.0])
def test_gradient_is_the_closed_form(temperature: float) -> None:
    """The gradient in the student's logits is T (q - p) / B."""
    gradient = jax.grad(partial(soft_loss, temperature=temperature))(STUDENT, TEACHER)
    expected = temperature * (softmax(STUDENT, temperature) - softmax(TEACHER, temperature)) / 32
    np.testing.assert_allclose(gradient, expected, atol=1e-6)


def test_t_squared_keeps_the_size_of_the_gradient() -> None:
    """From T = 4 to 16 the gradient with T² changes by less than 15 %, without it 16-fold."""
    norms = {
        t: float(jnp.linalg.norm(jax.grad(partial(soft_loss, temperature=t))(STUDENT, TEACHER)))
        for t in (4.0, 16.0)
    }
    assert abs(norms[16.0] / norms[4.0] - 1) < 0.15
    bare = {t: norm / t**2 for t, norm in norms.items()}
    assert 13 < bare[4.0] / bare[16.0] < 19


def test_the_limit_of_high_temperature() -> None:
    """At T = 100 the gradient nears that of matching centred logits: (z_s - z_t) / C."""
    student, teacher = jnp.array([[2.0, 0.0, 1.0]]), jnp.array([[0.0, 1.0, 2.0]])
    gradient = jax.grad(partial(soft_loss, temperature=100.0))(student, teacher)
    np.testing.assert_allclose(gradient, np.array([[2.0, -1.0, -1.0]]) / 3, atol=0.02)


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_hard_and_soft_parts_add_up(alpha: float) -> None:
    """The loss is alpha times the soft part plus the rest times cross-entropy at T = 1."""
    found = jax.jit(distillation_loss)(STUDENT, TEACHER, LABELS, temperature=4.0, alpha=alpha)
    p, q = softmax(TEACHER, 4.0), softmax(STUDENT, 4.0)
    soft = 16 * (p * np.log(p / q)).sum(1).mean()
    hard = -np.log(softmax(STUDENT)[np.arange(32), np.asarray(LABELS)]).mean()
    np.testing.assert_allclose(found, alpha * soft + (1 - alpha) * hard, rtol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_flattened_targets_are_label_smoothing_of_equal_strength(temperature: float) -> None:
    """The label keeps its probability at T and every other class has the same share."""
    flat = flatten_wrong_classes(TEACHER, LABELS, temperature=temperature)
    found, expected = softmax(flat, temperature), softmax(TEACHER, temperature)
    rows, labels = np.arange(32), np.asarray(LABELS)
    kept = expected[rows, labels]
    np.testing.assert_allclose(found[rows, labels], kept, rtol=1e-5)
    smoothed = np.repeat((1 - kept)[:, None] / 9, 10, axis=1)
    smoothed[rows, labels] = kept
    np.testing.assert_allclose(found, smoothed, rtol=1e-5)


def test_flattening_a_certain_teacher_stays_finite() -> None:
    """Where the teacher is certain the flattened logits are finite."""
    flat = flatten_wrong_classes(jnp.array([[500.0, 0.0, -500.0]]), jnp.array([0]), temperature=1.0)
    assert np.all(np.isfinite(flat))


@pytest.mark.parametrize("jitted", [False, True])
def test_shuffled_targets_are_permutations_that_keep_the_label(jitted: bool) -> None:
    """Each image keeps its values and its label's logit; the other classes change places."""
    run = jax.jit(shuffle_wrong_classes) if jitted else shuffle_wrong_classes
    found = np.asarray(run(TEACHER, LABELS, key=KEY))
    before, rows, labels = np.asarray(TEACHER), np.arange(32), np.asarray(LABELS)
    assert np.array_equal(found[rows, labels], before[rows, labels])
    assert np.array_equal(np.sort(found, axis=1), np.sort(before, axis=1))
    wrong = np.arange(10)[None, :] != labels[:, None]
    assert 0.02 < (found == before)[wrong].mean() < 0.25  # one in nine stays by chance


def test_the_shuffle_is_uniform() -> None:
    """Over many keys each wrong class ends at each wrong place equally often."""
    logits, label = jnp.arange(4.0)[None, :], jnp.array([2])
    keys = jax.random.split(KEY, 6000)
    found = jax.vmap(lambda key: shuffle_wrong_classes(logits, label, key=key)[0])(keys)
    for place in (0, 1, 3):
        counts = [int((found[:, place] == value).sum()) for value in (0, 1, 3)]
        assert all(abs(count - 2000) < 200 for count in counts)  # 5.5 standard deviations


CHAIN = jnp.array([[0.0, 2.0, -1.0], [1.0, 0.0, 0.5], [-2.0, 0.0, 1.0]])


def next_of_chain(tokens: jax.Array, position: jax.Array) -> jax.Array:
    """Return the logits of a bigram teacher: they depend on the last token alone."""
    return CHAIN[tokens[position - 1]]


def write_texts(num: int, num_tokens: int, temperature: float = 1.0) -> jax.Array:
    """Return texts that the bigram teacher wrote."""
    write = partial(sample_text, next_of_chain, jnp.array([0]), num_tokens=num_tokens)
    keys = jax.random.split(KEY, num)
    texts: jax.Array = jax.jit(jax.vmap(lambda key: write(key=key, temperature=temperature)))(keys)
    return texts


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_sampled_text_follows_the_teacher(temperature: float) -> None:
    """Bigram frequencies of sampled text are the teacher's probabilities at that temperature."""
    texts = np.asarray(write_texts(400, 100, temperature))
    assert np.all(texts[:, 0] == 0)
    counts = np.zeros((3, 3))
    np.add.at(counts, (texts[:, :-1].ravel(), texts[:, 1:].ravel()), 1)
    shares = counts / counts.sum(1, keepdims=True)
    np.testing.assert_allclose(shares, softmax(CHAIN, temperature), atol=0.02)


def test_learning_from_text_recovers_the_teacher() -> None:
    """A student fitted to sampled text alone ends at the teacher's probabilities.

    At the minimum its softmax is the table of bigram frequencies, whatever it started from.
    """
    texts = write_texts(400, 100)
    written = jnp.ones(texts[:, 1:].shape, bool)

    @jax.jit
    @jax.grad
    def gradient(table: jax.Array) -> jax.Array:
        return sequence_loss(table[texts[:, :-1]], texts[:, 1:], written)

    student = jnp.zeros((3, 3))
    for _ in range(300):
        student = student - 3 * gradient(student)
    np.testing.assert_allclose(softmax(student), softmax(CHAIN), atol=0.02)


def test_the_prompt_teaches_nothing() -> None:
    """Only written tokens count, and the loss is their mean in NumPy."""
    logits = jnp.asarray(RNG.normal(size=(2, 4, 5)), jnp.float32)
    tokens = jnp.array([[0, 1, 2, 3], [4, 3, 2, 1]])
    written = jnp.array([[False, True, True, True], [False, False, True, True]])
    shares = softmax(logits)
    each = [
        -np.log(shares[b, t, int(tokens[b, t])]) for b in (0, 1) for t in range(4) if written[b, t]
    ]
    found = jax.jit(sequence_loss)(logits, tokens, written)
    np.testing.assert_allclose(found, np.mean(each), rtol=1e-5)
    assert not np.any(jax.grad(sequence_loss)(logits, tokens, written)[~np.asarray(written)])


def test_the_losses_lower_for_every_platform() -> None:
    """Loss, gradient and controls lower for CPU, CUDA and TPU."""

    def step(student: jax.Array, teacher: jax.Array, labels: jax.Array) -> jax.Array:
        targets = shuffle_wrong_classes(teacher, labels, key=jax.random.key(0))
        targets = flatten_wrong_classes(targets, labels, temperature=4.0)
        loss = partial(distillation_loss, temperature=4.0, alpha=0.9)
        gradient: jax.Array = jax.grad(loss)(student, targets, labels)
        return gradient

    platforms = ("cpu", "cuda", "tpu")
    exported = export(jax.jit(step), platforms=platforms)(STUDENT, TEACHER, LABELS)
    assert exported.platforms == platforms
