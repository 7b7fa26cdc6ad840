"""The digits and their splits."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn import datasets

from explainer.digits import first_of_each_class, load_digits, split_examples

DIGITS = load_digits()


def test_the_digits_are_scikit_learns() -> None:
    """All 1797 images are scikit-learn's, over 16."""
    reference = datasets.load_digits()
    assert np.array_equal(DIGITS.x, reference.images.reshape(1797, 64) / 16)
    assert np.array_equal(DIGITS.labels, reference.target)
    assert (float(DIGITS.x.min()), float(DIGITS.x.max())) == (0.0, 1.0)


@pytest.mark.parametrize("jitted", [False, True])
def test_a_split_shares_nothing_and_loses_nothing(jitted: bool) -> None:
    """Every image is in exactly one part, with its label."""
    run = jax.jit(split_examples, static_argnames="num_train") if jitted else split_examples
    numbered = DIGITS._replace(x=jnp.arange(1797.0)[:, None])
    split = run(numbered, num_train=900, key=jax.random.key(0))
    assert split.train.x.shape == (900, 1)
    rows = np.concatenate([split.train.x, split.test.x]).ravel().astype(int)
    assert sorted(rows) == list(range(1797))
    labels = np.concatenate([split.train.labels, split.test.labels])
    assert np.array_equal(labels, np.asarray(DIGITS.labels)[rows])


def test_the_first_of_each_class_agree_with_a_loop() -> None:
    """The mask takes the first few of each digit, in order."""
    labels = np.asarray(DIGITS.labels)[:200]
    seen = dict.fromkeys(range(10), 0)
    expected = []
    for label in labels.tolist():
        expected.append(seen[label] < 5)
        seen[label] += 1
    assert first_of_each_class(labels, 5).tolist() == expected
    assert jax.jit(first_of_each_class)(labels, jnp.array(5)).tolist() == expected
    assert first_of_each_class(labels, 10**6).all()


def test_an_empty_part_is_refused() -> None:
    """A split must leave images on both sides."""
    with pytest.raises(ValueError, match=r"`num_train` \(=1797\) must be 1 to 1796"):
        split_examples(DIGITS, num_train=1797, key=jax.random.key(0))
