"""Real data that ships with scikit-learn: handwritten digits of 8 by 8 grey pixels."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Bool, Int

from explainer.classification import Examples


class Split(NamedTuple):
    """Examples to learn from, and examples that training never sees."""

    train: Examples
    test: Examples


def load_digits() -> Examples:
    """Return all digits: x of shape `[1797, 64]`, grey from 0 to 1 in steps of 1/16.

    Returns:
        Images row by row, and the digit each shows.

    References:
        Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits (its test set),
        UCI Machine Learning Repository; as in `sklearn.datasets.load_digits`.
    """
    from sklearn import datasets  # takes about a second, so only who needs it pays

    images, labels = datasets.load_digits(return_X_y=True)
    return Examples(jnp.asarray(images / 16, dtype=jnp.float32), jnp.asarray(labels, jnp.int32))


def split_examples(examples: Examples, *, num_train: int, key: Array) -> Split:
    """Return a random split; the same `key` gives the same.

    Args:
        examples: To split.
        num_train: How many to learn from; the rest is for testing.
        key: Random key.

    Returns:
        Two sets that share no example.

    Raises:
        ValueError: If `num_train` leaves one of the two empty.
    """
    num_examples = len(examples.labels)
    if not 0 < num_train < num_examples:
        raise ValueError(f"`num_train` (={num_train}) must be 1 to {num_examples - 1}")
    order = jax.random.permutation(key, num_examples)
    shuffled = jax.tree.map(lambda leaf: leaf[order], examples)
    train = jax.tree.map(lambda leaf: leaf[:num_train], shuffled)
    return Split(train, jax.tree.map(lambda leaf: leaf[num_train:], shuffled))


def first_of_each_class(
    labels: Int[Array | np.ndarray, " n"], num_each: ArrayLike, *, num_classes: int = 10
) -> Bool[Array, " n"]:
    """Return a mask of the first `num_each` examples of each class.

    Args:
        labels: Class of each example, in random order (as `split_examples` leaves them).
        num_each: How many of each class to take; all of a class that has fewer.
        num_classes: How many classes.

    Returns:
        True for the chosen examples.

    Examples:
        >>> first_of_each_class(jnp.array([3, 3, 1, 3]), 1).tolist()
        [True, False, True, False]
    """
    member = jax.nn.one_hot(labels, num_classes, dtype=jnp.int32)  # [n, num_classes]
    earlier = (member.cumsum(0) * member).sum(-1)  # 1 for the first of its class
    return earlier <= num_each
