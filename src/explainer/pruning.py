r"""Pruning: which weights to remove, and why what they were worth does not add up.

A mask has the shape of its weight: True is kept. A share to remove, `sparsity`, may be traced, so
that one compiled program draws a whole curve.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Bool, Float

Tree = Any


def mask_smallest(importance: Float[Array, "*shape"], sparsity: ArrayLike) -> Bool[Array, "*shape"]:
    """Return a mask that removes the least important share of one array.

    Args:
        importance: One number a weight: its magnitude, or `wanda_importance`.
        sparsity: Share to remove, 0 to 1; the count is rounded to the nearest whole weight.

    Returns:
        True for what stays. Of equal importances the first are removed, so the count is exact.

    Examples:
        >>> mask_smallest(jnp.abs(jnp.array([0.3, -2.0, 0.1, 1.0])), 0.5).tolist()
        [False, True, False, True]
    """
    flat = importance.ravel()
    rank = jnp.argsort(jnp.argsort(flat))  # 0 for the least important
    return (rank >= _count(sparsity, flat.size)).reshape(importance.shape)


def mask_smallest_of_rows(
    importance: Float[Array, "d_out d_in"], sparsity: ArrayLike
) -> Bool[Array, "d_out d_in"]:
    """Return a mask that removes the same share of every output row, as Wanda does.

    Args:
        importance: Shape `[d_out, d_in]`.
        sparsity: Share of each row to remove, 0 to 1.

    Returns:
        True for what stays.
    """
    return jax.vmap(lambda row: mask_smallest(row, sparsity))(importance)


def magnitude_masks(params: Tree, sparsity: ArrayLike, *, scope: str = "layer") -> Tree:
    """Return masks that remove the weights of least magnitude; vectors (biases) stay whole.

    Args:
        params: Any tree; its arrays of two or more axes are the weights.
        sparsity: Share of the weights to remove, 0 to 1.
        scope: `layer`: that share of each array. `global`: of all of them together, so that a
            layer of small weights loses more.

    Returns:
        A tree of masks like `params`.

    Raises:
        ValueError: If `scope` is neither.

    References:
        Han et al. 2015, Learning both Weights and Connections for Efficient Neural Networks.
    """
    if scope not in ("layer", "global"):
        raise ValueError(f"`scope` (={scope!r}) must be 'layer' or 'global'")
    leaves, treedef = jax.tree.flatten(params)
    sizes = [jnp.abs(leaf) for leaf in leaves if leaf.ndim >= 2]
    if scope == "layer":
        masks = iter([mask_smallest(size, sparsity) for size in sizes])
    else:
        together = mask_smallest(jnp.concatenate([size.ravel() for size in sizes]), sparsity)
        ends = [sum(size.size for size in sizes[: index + 1]) for index in range(len(sizes))]
        parts = jnp.split(together, ends[:-1])
        masks = iter([part.reshape(size.shape) for part, size in zip(parts, sizes, strict=True)])
    kept = [next(masks) if leaf.ndim >= 2 else jnp.ones(leaf.shape, bool) for leaf in leaves]
    return jax.tree.unflatten(treedef, kept)


def n_m_mask(
    importance: Float[Array, "d_out d_in"], *, n: int = 2, m: int = 4
) -> Bool[Array, "d_out d_in"]:
    """Return the N:M mask: of every m neighbours in a row the n most important stay.

    Args:
        importance: Shape `[d_out, d_in]`.
        n: How many stay, 1 to m. 2 of 4 is what sparse tensor cores multiply faster.
        m: Neighbours in a group; must divide `d_in`.

    Returns:
        True for what stays: exactly n of each group.

    Raises:
        ValueError: If m does not divide `d_in`, or n is not 1 to m.

    Examples:
        >>> n_m_mask(jnp.array([[4.0, 1.0, 2.0, 3.0]])).tolist()
        [[True, False, False, True]]

    References:
        Mishra et al. 2021, Accelerating Sparse Deep Neural Networks, section 3.
    """
    d_out, d_in = importance.shape
    if not 1 <= n <= m:
        raise ValueError(f"`n` (={n}) must be 1 to `m` (={m})")
    if d_in % m:
        raise ValueError(f"`d_in` (={d_in}) must be divisible by `m` (={m})")
    groups = importance.reshape(d_out, d_in // m, m)
    rank = jnp.argsort(jnp.argsort(groups, axis=-1), axis=-1)
    return (rank >= m - n).reshape(d_out, d_in)


def wanda_importance(
    weight: Float[Array, "d_out d_in"], x: Float[Array, "n d_in"]
) -> Float[Array, "d_out d_in"]:
    r"""Return $|W_{ij}| \cdot \lVert X_j \rVert_2$: a weight matters as much as what it multiplies.

    Args:
        weight: $W$, shape `[d_out, d_in]`.
        x: $X$, inputs that the layer really sees, shape `[n, d_in]`.

    Returns:
        One importance a weight, to be compared within a row (`mask_smallest_of_rows`).

    References:
        Sun et al. 2024, A Simple and Effective Pruning Approach for Large Language Models, eq. 1.
    """
    norms: Array = jnp.linalg.norm(x, axis=0)  # [d_in]
    return jnp.abs(weight) * norms[None, :]


def apply_masks(params: Tree, masks: Tree) -> Tree:
    """Return the parameters with zeros where a mask is False; shapes stay as they are."""
    return jax.tree.map(lambda leaf, kept: jnp.where(kept, leaf, 0), params, masks)


def sparsity_of(masks: Tree) -> Float[Array, ""]:
    """Return the share of all masked numbers that is removed."""
    leaves: list[Array] = jax.tree.leaves(masks)
    kept: Array = jnp.stack([leaf.sum() for leaf in leaves]).sum()
    size: int = sum(leaf.size for leaf in leaves)
    return (size - kept) / size


class Removal(NamedTuple):
    """What removing groups of weights does to a loss.

    Args:
        each: Increase of the loss when one group alone is removed, shape `[num_groups]`.
        together: Increase when all of them are removed at once.
    """

    each: Array
    together: Array


def removal_effects(loss: Callable[[Tree], Array], params: Tree, groups: Tree) -> Removal:
    """Return what each group is worth alone, and what all are worth together.

    The sum of the first is not the second. Two copies of a unit are worth nothing each, as long
    as the other one stays, and everything together.

    Args:
        loss: Of the parameters alone.
        params: Any tree.
        groups: Which weights belong to a group: a tree like `params` of booleans with one more
            axis in front, `[num_groups, ...]`.

    Returns:
        Increases of the loss.
    """
    base = loss(params)

    def increase(removed: Tree) -> Array:
        return loss(apply_masks(params, jax.tree.map(jnp.logical_not, removed))) - base

    every = jax.tree.map(lambda group: group.any(0), groups)
    return Removal(jax.vmap(increase)(groups), increase(every))


def _count(sparsity: ArrayLike, size: int) -> Array:
    """Return how many of `size` weights are removed."""
    share = jnp.asarray(sparsity, float)
    return jnp.round(share * jnp.asarray(size, share.dtype)).astype(jnp.int32)
