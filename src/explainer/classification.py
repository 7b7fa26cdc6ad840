"""Examples with one label each, the loss of a classifier on them, and what it gets right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import optax
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float, Int

from explainer.network import Layer, apply_mlp


class Examples(NamedTuple):
    """Inputs and their labels.

    Args:
        x: Shape `[n, d_in]`.
        labels: Class of each, shape `[n]`, from 0.
    """

    x: Array
    labels: Array


def accuracy(
    logits: Float[Array, "*batch num_classes"], labels: Int[Array, "*batch"]
) -> Float[Array, ""]:
    """Return the share of examples whose largest logit is at their label.

    Args:
        logits: Shape `[..., num_classes]`; of equal largest ones the first counts.
        labels: Shape `[...]`.

    Returns:
        A share, 0 to 1.
    """
    return (logits.argmax(-1) == labels).mean()


def cross_entropy(
    logits: Float[Array, "*batch num_classes"], labels: Int[Array, "*batch"]
) -> Float[Array, ""]:
    r"""Return $-\frac{1}{n} \sum_i \log \mathrm{softmax}(z_i)_{y_i}$, in nats.

    Args:
        logits: $z$, shape `[..., num_classes]`.
        labels: $y$, shape `[...]`.

    Returns:
        The mean over the examples.

    Examples:
        >>> round(float(cross_entropy(jax.numpy.zeros((1, 10)), jax.numpy.array([3]))), 4)
        2.3026
    """
    each: Array = optax.losses.softmax_cross_entropy_with_integer_labels(logits, labels)
    return each.mean()


def classification_loss(
    params: Sequence[Layer],
    batch: Examples,
    key: Array,
    *,
    activation: Callable[[Array], Array] = jax.nn.relu,
    dropout_rate: ArrayLike | None = None,
) -> Float[Array, ""]:
    """Return the mean cross-entropy of an MLP on a batch: a loss for `training.train`.

    Args:
        params: The MLP.
        batch: Examples.
        key: For dropout.
        activation: Of the hidden layers.
        dropout_rate: Share of each hidden layer to drop; None for no dropout.

    Returns:
        The loss in nats.
    """
    rate = 0.0 if dropout_rate is None else dropout_rate
    drop_key = None if dropout_rate is None else key
    logits = apply_mlp(params, batch.x, activation=activation, dropout_rate=rate, key=drop_key)
    return cross_entropy(logits, batch.labels)


def classification_metrics(
    params: Sequence[Layer],
    watched: dict[str, Examples],
    *,
    activation: Callable[[Array], Array] = jax.nn.relu,
) -> dict[str, Array]:
    """Return `<name>_loss` and `<name>_accuracy` of each set: metrics for `training.train`.

    Args:
        params: The MLP; nothing is dropped.
        watched: Examples by name, such as `train` and `test`.
        activation: Of the hidden layers.

    Returns:
        Two scalars for each set.
    """
    found = {}
    for name, examples in watched.items():
        logits = apply_mlp(params, examples.x, activation=activation)
        found[f"{name}_loss"] = cross_entropy(logits, examples.labels)
        found[f"{name}_accuracy"] = accuracy(logits, examples.labels)
    return found
