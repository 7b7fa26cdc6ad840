r"""How much worse a language model predicts a text than another, with how sure one can be.

Perplexity, Kullback-Leibler divergence and top-1 agreement are means over tokens; answers to
single questions are paired right or wrong. Neighbouring tokens are alike, so intervals of means
take runs of tokens, not tokens, as independent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import Array
from jaxtyping import Float, Int
from scipy.special import ndtri, stdtrit

RUN_TOKENS = 50
"""Length of the runs that an interval takes as independent."""
CONFIDENCE = 0.95
"""How often an interval holds the truth."""
_UPPER = (1 + CONFIDENCE) / 2
_Z = float(ndtri(_UPPER))


@dataclass(frozen=True)
class Interval:
    """An estimate, with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Paired:
    """How many questions changed their outcome, and how likely so uneven a change is by chance.

    Args:
        lost: Right before, wrong after.
        won: Wrong before, right after.
        p: Of McNemar's exact test, two-sided.
    """

    lost: int
    won: int
    p: float


@jax.jit
def token_losses(
    logits: Float[Array, "T V"], tokens: Int[Array | np.ndarray, " T"]
) -> Float[Array, " T-1"]:
    r"""Return $-\log p(\text{token}_{t+1} \mid \text{tokens}_{\le t})$ of each token but the first.

    Args:
        logits: Row t scores what follows token t.
        tokens: The text, at least two ids.

    Returns:
        Losses in nats.

    Examples:
        >>> losses = token_losses(jnp.zeros((3, 4)), jnp.array([0, 1, 2]))
        >>> [round(float(loss), 4) for loss in losses]  # log 4
        [1.3863, 1.3863]
    """
    following = jnp.asarray(tokens)[1:, None]
    return -jnp.take_along_axis(jax.nn.log_softmax(logits[:-1]), following, axis=1)[:, 0]


@jax.jit
def token_divergences(
    reference: Float[Array, "T V"], logits: Float[Array, "T V"]
) -> Float[Array, " T"]:
    r"""Return $\mathrm{KL}(p \,\|\, q) = \sum_v p_v (\log p_v - \log q_v)$ of each row, in nats.

    Args:
        reference: Logits of $p$, the model that is taken as right.
        logits: Logits of $q$.

    Returns:
        0 where both are the same distribution, else above 0.
    """
    log_p, log_q = jax.nn.log_softmax(reference), jax.nn.log_softmax(logits)
    return (jnp.exp(log_p) * (log_p - log_q)).sum(-1)


@jax.jit
def same_choice(reference: Float[Array, "T V"], logits: Float[Array, "T V"]) -> Array:
    """Return for each row whether both find the same token most likely, shape `[T]`."""
    return reference.argmax(-1) == logits.argmax(-1)


def mean_over_tokens(values: npt.ArrayLike, *, run: int = RUN_TOKENS) -> Interval:
    """Return a mean over tokens, and an interval that allows for neighbours being alike.

    The tokens are cut into runs; the spread of the runs' means, with Student's quantile for their
    number, gives the half-width (the method of batch means).

    Args:
        values: One number a token, in the order of the text.
        run: Tokens of a run; the last, shorter one is counted in the mean alone.

    Returns:
        Mean and 95 % interval.

    Raises:
        ValueError: If there are fewer than two whole runs.

    Examples:
        >>> mean_over_tokens([1.0, 3.0] * 100).value
        2.0

    References:
        Conway 1963, Some tactical problems in digital simulation (batch means).
    """
    each = np.asarray(values, np.float64).ravel()
    whole = len(each) // run
    if whole < 2:
        raise ValueError(
            f"`values` (={len(each)} of them) must fill two runs of `run` (={run}) tokens"
        )
    means = each[: whole * run].reshape(whole, run).mean(1)
    half = float(stdtrit(whole - 1, _UPPER)) * float(means.std(ddof=1)) / math.sqrt(whole)
    centre = float(each.mean())
    return Interval(centre, centre - half, centre + half)


def perplexity(losses: npt.ArrayLike) -> float:
    """Return the exponential of the mean loss: among how many equally likely tokens one guesses.

    Examples:
        >>> round(perplexity([math.log(4), math.log(9)]), 4)
        6.0
    """
    return float(np.exp(np.mean(np.asarray(losses, np.float64))))


def perplexity_ratio(losses: npt.ArrayLike, reference: npt.ArrayLike) -> Interval:
    """Return perplexity over that of a reference on the same tokens, with its paired interval.

    Args:
        losses: Of the model that is judged, one a token.
        reference: Of the other, for the same tokens in the same order.

    Returns:
        1 means equally good. Pairing removes how hard the text is, which both share.
    """
    difference = mean_over_tokens(np.asarray(losses, np.float64) - np.asarray(reference))
    return Interval(math.exp(difference.value), math.exp(difference.low), math.exp(difference.high))


def share(hits: int, of: int) -> Interval:
    """Return a share of independent cases with Wilson's 95 % interval.

    Args:
        hits: How many were.
        of: Out of how many, at least 1.

    Returns:
        Never outside 0 to 1, and of some width even at 0 and 1.

    Examples:
        >>> found = share(82, 100)
        >>> found.value, round(found.low, 3), round(found.high, 3)
        (0.82, 0.733, 0.883)

    References:
        Wilson 1927, Probable inference, the law of succession, and statistical inference.
    """
    value, spread = hits / of, _Z**2 / of
    centre = (value + spread / 2) / (1 + spread)
    half = math.sqrt(value * (1 - value) * spread + spread**2 / 4) / (1 + spread)
    return Interval(value, max(0.0, centre - half), min(1.0, centre + half))


def compare_answers(before: Sequence[bool], after: Sequence[bool]) -> Paired:
    r"""Return what changed between two sets of answers to the same questions.

    McNemar's test looks at changed answers only: without a real change each is as likely lost as
    won, so $p = 2 \sum_{k \le \min} \binom{n}{k} / 2^n$, at most 1.

    Args:
        before: Whether each was right.
        after: The same questions, in the same order.

    Raises:
        ValueError: If the numbers differ.

    Examples:
        >>> compare_answers([True] * 3 + [False], [False] * 3 + [True])
        Paired(lost=3, won=1, p=0.625)

    References:
        McNemar 1947, Note on the sampling error of the difference between correlated proportions.
    """
    if len(before) != len(after):
        raise ValueError(f"`before` (={len(before)}) and `after` (={len(after)}) must be as many")
    lost = sum(bool(b) and not a for b, a in zip(before, after, strict=True))
    won = sum(bool(a) and not b for b, a in zip(before, after, strict=True))
    changed = lost + won
    tail = sum(math.comb(changed, k) for k in range(min(lost, won) + 1))
    return Paired(lost, won, min(1.0, 2 * tail / 2**changed))
