"""Gradient accumulation: the gradient of a batch from the gradients of its parts.

A loss is a function `loss(params, batch, key)` whose value is a mean over the examples of `batch`,
any tree of arrays that share their first axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

Tree = Any
Loss = Callable[[Tree, Tree, Array], Array]


def value_and_gradient(
    loss: Loss, params: Tree, batch: Tree, *, key: Array, num_chunks: int = 1
) -> tuple[Float[Array, ""], Tree]:
    r"""Return the loss of a batch and its gradient, accumulated over equal chunks.

    $\nabla L = \frac{1}{C} \sum_c \nabla L_c$ holds because the chunks are of equal size.

    Args:
        loss: `loss(params, batch, key)`, a mean over the batch.
        params: Where.
        batch: A tree of arrays that share their first axis.
        key: For what the loss draws; each chunk gets a key of its own.
        num_chunks: How many parts; 1 for the whole batch at once.

    Returns:
        The loss, and a gradient of the tree of `params`.

    Raises:
        ValueError: If the batch does not divide into `num_chunks`.
    """
    if num_chunks == 1:
        value, gradient = jax.value_and_grad(loss)(params, batch, key)
        return value, gradient
    size = len(jax.tree.leaves(batch)[0])
    if size % num_chunks:
        raise ValueError(
            f"a batch of {size} does not divide into `num_chunks` (={num_chunks}) equal parts; "
            "for unequal parts weight each gradient by its size (`average_gradients`)"
        )
    # Chunk c takes rows c, c + C, ...: so a batch that is spread over devices stays so.
    chunks = jax.tree.map(
        lambda leaf: leaf.reshape(-1, num_chunks, *leaf.shape[1:]).swapaxes(0, 1), batch
    )

    def add(total: Tree, now: tuple[Tree, Array]) -> tuple[Tree, None]:
        found = jax.value_and_grad(loss)(params, *now)
        return jax.tree.map(jnp.add, total, found), None

    zeros = jax.tree.map(
        lambda leaf: jnp.zeros(leaf.shape, leaf.dtype),
        jax.eval_shape(jax.value_and_grad(loss), params, jax.tree.map(lambda c: c[0], chunks), key),
    )
    total, _ = jax.lax.scan(add, zeros, (chunks, jax.random.split(key, num_chunks)))
    value, gradient = jax.tree.map(lambda leaf: leaf / num_chunks, total)
    return value, gradient


def average_gradients(gradients: Sequence[Tree], sizes: Sequence[int]) -> Tree:
    r"""Return the gradient of the mean loss over chunks of any size.

    $\nabla L = \sum_c n_c \nabla L_c \,/\, \sum_c n_c$

    Args:
        gradients: Gradient of each chunk's mean loss.
        sizes: Examples in each chunk. Equal numbers give the plain average, which is wrong where
            the chunks are not of equal size.

    Returns:
        A tree like each gradient.

    Raises:
        ValueError: If there are not as many sizes as gradients, or none.
    """
    if len(gradients) != len(sizes) or not sizes:
        raise ValueError(f"got {len(gradients)} gradients and {len(sizes)} sizes: one size each")
    shares = [size / sum(sizes) for size in sizes]
    return jax.tree.map(
        lambda *leaves: sum(share * leaf for share, leaf in zip(shares, leaves, strict=True)),
        *gradients,
    )
