"""Counting parameters: of any pytree, leaf by leaf, and of a layer, by its closed form.

A count is a Python integer and so exact, however large. JAX is imported only when a tree holds a
container that JAX alone knows how to open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explainer.layers import (
    attention_parameters,
    embedding_parameters,
    feed_forward_parameters,
    linear_parameters,
    mlp_parameters,
    norm_parameters,
)

__all__ = [
    "Leaf",
    "attention_parameters",
    "count_parameters",
    "describe",
    "embedding_parameters",
    "feed_forward_parameters",
    "linear_parameters",
    "mlp_parameters",
    "norm_parameters",
    "shape_size",
]


@dataclass(frozen=True)
class Leaf:
    """One array of a tree of parameters."""

    name: str
    """Path from the root, keys joined by `/`: `layers/0/weight`."""
    shape: tuple[int, ...]
    parameters: int
    dtype: str | None
    """Name of the element type; None where the tree holds a bare shape."""


def shape_size(shape: Sequence[int]) -> int:
    r"""Return how many elements an array of this shape holds.

    $\prod_i n_i$, which is 1 for the empty shape of a scalar.

    Args:
        shape: Length of each axis, each at least 0.

    Returns:
        The exact number of elements.

    Raises:
        ValueError: If an axis is negative.

    Examples:
        >>> shape_size((500, 100)), shape_size(()), shape_size((0, 7))
        (50000, 1, 0)
    """
    if any(axis < 0 for axis in shape):
        raise ValueError(f"each axis of `shape` (={tuple(shape)}) must be at least 0")
    return math.prod(int(axis) for axis in shape)


def describe(tree: Any) -> tuple[Leaf, ...]:
    """List the arrays of a tree with their names, shapes and sizes.

    Args:
        tree: Any pytree of arrays: JAX or NumPy arrays, `jax.ShapeDtypeStruct`, or anything with a
            `shape`; dictionaries, lists, tuples, and classes registered with JAX. A non-empty tuple
            of integers is read as a shape, so that a tree may be written down without allocating
            it; a lone Python number is one parameter; None is skipped.

    Returns:
        One `Leaf` per array, in the order of the tree; dictionaries keep their own order. An array
        that stands in two places is two leaves, as it is to `jax.grad`.

    Raises:
        TypeError: If a leaf is neither an array, a shape nor a number.
        ValueError: If a shape has a negative axis.

    Examples:
        >>> [leaf.name for leaf in describe({"layers": [{"weight": (500, 100), "bias": (500,)}]})]
        ['layers/0/weight', 'layers/0/bias']
    """
    return tuple(_leaves(tree, ()))


def count_parameters(tree: Any) -> int:
    r"""Return the number of parameters in a tree: the sum over its leaves.

    $\sum_\text{leaves} \prod_i n_i$

    Args:
        tree: Any pytree of arrays or shapes, as for `describe`.

    Returns:
        The exact number of elements of all leaves; 0 for an empty tree.

    Raises:
        TypeError: If a leaf is neither an array, a shape nor a number.
        ValueError: If a shape has a negative axis.

    Examples:
        >>> count_parameters({"weight": (500, 100), "bias": (500,), "unused": None})
        50500
    """
    return sum(leaf.parameters for leaf in _leaves(tree, ()))


def _leaves(node: Any, path: tuple[str, ...]) -> Iterator[Leaf]:
    """Yield the leaves below `node`; a container yields those of its children."""
    if node is None:
        return
    leaf = _leaf(node, "/".join(path))
    if leaf is not None:
        yield leaf
        return
    for key, child in _children(node, path):
        yield from _leaves(child, (*path, key))


def _leaf(node: Any, name: str) -> Leaf | None:
    """Return `node` as a leaf, or None when it is a container."""
    if isinstance(node, type):
        return None
    shape = getattr(node, "shape", None)
    if isinstance(shape, tuple):
        dtype = getattr(node, "dtype", None)
        sizes = tuple(int(axis) for axis in shape)
        return Leaf(name, sizes, shape_size(sizes), None if dtype is None else _dtype_name(dtype))
    if type(node) is tuple and node and all(type(axis) is int for axis in node):
        return Leaf(name, node, shape_size(node), None)
    if isinstance(node, (int, float, complex)) and not isinstance(node, bool):
        return Leaf(name, (), 1, type(node).__name__)
    return None


def _dtype_name(dtype: Any) -> str:
    """Return `float32` for a NumPy, JAX or PyTorch element type."""
    return str(getattr(dtype, "name", dtype)).removeprefix("torch.")


def _children(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the named children of a container, one level down."""
    if isinstance(node, Mapping):
        yield from ((str(key), child) for key, child in node.items())
    elif isinstance(node, tuple) and hasattr(node, "_fields"):
        yield from zip(node._fields, node, strict=True)
    elif isinstance(node, (list, tuple)):
        yield from ((str(index), child) for index, child in enumerate(node))
    else:
        yield from _registered_children(node, path)


def _registered_children(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the children of a class registered with JAX as a pytree."""
    import jax  # only here: a plain tree is counted without it

    found = jax.tree_util.tree_flatten_with_path(node, is_leaf=lambda child: child is not node)[0]
    if len(found) == 1 and found[0][1] is node:
        place = "/".join(path) or "the root"
        raise TypeError(
            f"the leaf at {place} must be an array, a shape or a number, not "
            f"{type(node).__name__} (={node!r:.60}); drop it, or register its class as a pytree"
        )
    for keys, child in found:
        yield jax.tree_util.keystr(keys, simple=True, separator="/"), child
