"""How much of a tensor, a vector or a ranking is left after its numbers were made coarser.

Every measure compares what came out with what should have: `found` with `wanted`. For a language
model's text there are measures of their own, in `explainer.perplexity`.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float


def relative_error(
    found: Float[Array, "*shape"], wanted: Float[Array, "*shape"]
) -> Float[Array, ""]:
    r"""Return $\lVert \hat x - x \rVert / \lVert x \rVert$, the error's share of the whole.

    Args:
        found: $\hat x$, any shape.
        wanted: $x$, the same shape.

    Returns:
        0 where both are equal; 1 where everything was replaced by zero. If only `wanted` is zero
        throughout, infinity.

    Examples:
        >>> round(float(relative_error(jnp.array([3.0, 3.0]), jnp.array([3.0, 4.0]))), 3)
        0.2
    """
    error, size = jnp.linalg.norm((found - wanted).ravel()), jnp.linalg.norm(wanted.ravel())
    return jnp.where(error == 0, jnp.zeros_like(error), error / size)


def signal_to_noise(
    found: Float[Array, "*shape"], wanted: Float[Array, "*shape"]
) -> Float[Array, ""]:
    r"""Return $10 \log_{10} (\sum x^2 / \sum (\hat x - x)^2)$, in decibels.

    Args:
        found: $\hat x$, any shape.
        wanted: $x$, the same shape.

    Returns:
        20 dB for a relative error of a tenth, 6.02 dB more for each halving of it; infinity where
        both are equal.

    Examples:
        >>> round(float(signal_to_noise(jnp.array([3.0, 3.0]), jnp.array([3.0, 4.0]))), 2)
        13.98
    """
    return -20 * jnp.log10(relative_error(found, wanted))


def cosine(
    one: Float[Array, "*batch D"], other: Float[Array, "*batch D"]
) -> Float[Array, "*batch"]:
    r"""Return $x \cdot y / (\lVert x \rVert \lVert y \rVert)$ of each pair of vectors.

    Args:
        one: Shape `[..., D]`.
        other: The same shape.

    Returns:
        From -1 to 1. NaN where a vector is zero: it has no direction.

    Examples:
        >>> cosine(jnp.array([1.0, 0.0]), jnp.array([2.0, 0.0])).item()
        1.0
    """
    lengths = jnp.linalg.norm(one, axis=-1) * jnp.linalg.norm(other, axis=-1)
    return jnp.clip((one * other).sum(-1) / lengths, -1.0, 1.0)


def pair_cosines(vectors: Float[Array, "B D"]) -> Float[Array, " pairs"]:
    """Return the cosine of every two different vectors, $B(B-1)/2$ numbers.

    Args:
        vectors: Shape `[B, D]`, at least two.

    Returns:
        First with second, first with third, and so on, row by row of the upper triangle.

    Examples:
        >>> pair_cosines(jnp.eye(3)).tolist()
        [0.0, 0.0, 0.0]
    """
    unit = vectors / jnp.linalg.norm(vectors, axis=-1, keepdims=True)
    pairs: Array = (unit @ unit.T)[jnp.triu_indices(len(vectors), k=1)]
    return pairs


def ranks(values: Float[Array, " n"]) -> Float[Array, " n"]:
    """Return the place of each value from the smallest, 1; equal ones share their mean place.

    Args:
        values: Finite numbers.

    Returns:
        Places, which add up to $n(n+1)/2$ whatever the ties.

    Examples:
        >>> ranks(jnp.array([10.0, 30.0, 20.0, 10.0])).tolist()
        [1.5, 4.0, 3.0, 1.5]
    """
    ordered = jnp.sort(values)
    before = jnp.searchsorted(ordered, values, side="left")
    upto = jnp.searchsorted(ordered, values, side="right")
    return (before + upto + 1).astype(values.dtype) / 2


def spearman(one: Float[Array, " n"], other: Float[Array, " n"]) -> Float[Array, ""]:
    r"""Return how well two lists agree in order: Pearson's correlation of their ranks.

    Args:
        one: Shape `[n]`, at least two numbers.
        other: Shape `[n]`.

    Returns:
        1 for the same order, -1 for the reverse, near 0 for none. NaN if a list is constant.

    Examples:
        >>> spearman(jnp.array([0.1, 0.2, 0.9]), jnp.array([1.0, 4.0, 5.0])).item()
        1.0

    References:
        Spearman 1904; ties by mean rank, as `scipy.stats.spearmanr`.
    """
    return _correlation(ranks(one), ranks(other), jnp.ones_like(one))


class EmbeddingDamage(NamedTuple):
    """What is left of sentence vectors, each field a scalar.

    Args:
        self_cosine: Mean cosine of each vector to what it should be.
        worst_cosine: The smallest of them.
        drift: Mean change of the cosine between two sentences, over all pairs.
        largest_drift: The largest of them.
        spearman: Whether the pairs still stand in the same order of similarity.
        spearman_error: Standard error of `spearman`, from leaving out each sentence in turn.
    """

    self_cosine: Array
    worst_cosine: Array
    drift: Array
    largest_drift: Array
    spearman: Array
    spearman_error: Array


@jax.jit
def embedding_damage(found: Float[Array, "B D"], wanted: Float[Array, "B D"]) -> EmbeddingDamage:
    r"""Compare sentence vectors of a damaged model with those of the whole one.

    Args:
        found: From the damaged model, shape `[B, D]`.
        wanted: From the whole one, shape `[B, D]`, at least three sentences.

    Returns:
        Cosines to themselves, drift of all pairs, and Spearman with its jackknife error
        $\sqrt{\frac{B-1}{B} \sum_i (\theta_i - \bar\theta)^2}$. Leaving out whole sentences, not
        pairs, since pairs that share a sentence move together.

    References:
        Efron and Stein 1981, The jackknife estimate of variance.
    """
    itself = cosine(found, wanted)
    pairs, true_pairs = pair_cosines(found), pair_cosines(wanted)
    moved = jnp.abs(pairs - true_pairs)
    B = len(found)
    first, second = jnp.triu_indices(B, k=1)
    out = jnp.arange(B)[:, None]
    kept = ((first[None] != out) & (second[None] != out)).astype(pairs.dtype)  # [B, pairs]
    # Ranks among all pairs, not among those kept: dropping some hardly moves the others' order.
    left = jax.vmap(_correlation, (None, None, 0))(ranks(pairs), ranks(true_pairs), kept)
    error = jnp.sqrt((B - 1) / B * ((left - left.mean()) ** 2).sum())
    return EmbeddingDamage(
        itself.mean(), itself.min(), moved.mean(), moved.max(), spearman(pairs, true_pairs), error
    )


def _correlation(x: Array, y: Array, weight: Array) -> Array:
    """Return Pearson's correlation of the elements whose weight is 1, not 0."""
    total = weight.sum()
    x = (x - (x * weight).sum() / total) * weight
    y = (y - (y * weight).sum() / total) * weight
    return (x * y).sum() / jnp.sqrt((x * x).sum() * (y * y).sum())
