"""Perplexity, divergence, intervals and McNemar's test, against SciPy and loops by the formula."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from explainer.perplexity import (
    compare_answers,
    mean_over_tokens,
    perplexity,
    perplexity_ratio,
    same_choice,
    share,
    token_divergences,
    token_losses,
)

RANDOM = np.random.default_rng(3)
LOGITS = RANDOM.normal(size=(7, 11)).astype(np.float32) * 3
OTHERS = LOGITS + RANDOM.normal(size=(7, 11)).astype(np.float32)
TOKENS = RANDOM.integers(0, 11, 7)


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax in float64."""
    e = np.exp(logits.astype(np.float64))
    result: np.ndarray = e / e.sum(-1, keepdims=True)
    return result


def test_losses_are_a_loop_by_the_formula() -> None:
    """Each loss is minus the logarithm of what the row before gave its token."""
    p = probabilities(LOGITS)
    wanted = [-math.log(p[t, TOKENS[t + 1]]) for t in range(6)]
    losses = token_losses(jnp.asarray(LOGITS), TOKENS)
    np.testing.assert_allclose(losses, wanted, rtol=1e-5)
    assert perplexity(losses) == pytest.approx(math.prod(map(math.exp, wanted)) ** (1 / 6))


def test_divergences_are_scipys() -> None:
    """Each divergence is SciPy's relative entropy, and zero from a model to itself."""
    found = token_divergences(jnp.asarray(LOGITS), jnp.asarray(OTHERS))
    wanted = stats.entropy(probabilities(LOGITS), probabilities(OTHERS), axis=1)
    np.testing.assert_allclose(found, wanted, rtol=1e-4)
    assert not token_divergences(jnp.asarray(LOGITS), jnp.asarray(LOGITS)).any()


def test_the_same_choice_is_the_same_largest_logit() -> None:
    """Agreement compares the places of the largest logits."""
    found = same_choice(jnp.asarray(LOGITS), jnp.asarray(OTHERS))
    pairs = zip(LOGITS, OTHERS, strict=True)
    assert found.tolist() == [int(np.argmax(one)) == int(np.argmax(two)) for one, two in pairs]


def test_the_interval_of_a_mean_is_students_over_runs() -> None:
    """The interval is SciPy's t interval of the runs' means."""
    values = RANDOM.normal(size=1000)
    found = mean_over_tokens(values, run=50)
    means = values.reshape(20, 50).mean(1)
    wanted = stats.t.interval(0.95, 19, loc=values.mean(), scale=stats.sem(means))
    assert (found.low, found.high) == pytest.approx(wanted)


def test_the_interval_covers_alike_neighbours() -> None:
    """Over 300 texts of strongly alike neighbours it holds the truth in nine of ten at least."""
    shocks = np.random.default_rng(0).normal(size=(300, 1500))
    held = 0
    for row in shocks:
        alike = np.convolve(row, np.ones(10) / 10, mode="same")
        found = mean_over_tokens(alike)
        held += found.low <= 0 <= found.high
    assert held >= 270


def test_the_ratio_of_perplexities_is_paired() -> None:
    """What both models find hard cancels: a constant difference has an interval without width."""
    reference = RANDOM.exponential(size=400)
    found = perplexity_ratio(reference + math.log(2), reference)
    assert (found.value, found.low, found.high) == pytest.approx((2, 2, 2))


@pytest.mark.parametrize(("hits", "of"), [(0, 100), (82, 100), (100, 100), (1, 1)])
def test_shares_have_wilsons_interval(hits: int, of: int) -> None:
    """The interval of a share is SciPy's `wilson`."""
    wanted = stats.binomtest(hits, of).proportion_ci(method="wilson")
    found = share(hits, of)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))


@pytest.mark.parametrize(("lost", "won"), [(0, 0), (1, 0), (11, 5), (66, 0), (3, 3), (16, 3)])
def test_mcnemar_is_the_exact_binomial_test(lost: int, won: int) -> None:
    """The p-value is SciPy's two-sided binomial test of the changed answers."""
    before = [True] * lost + [False] * won + [True, False]
    after = [False] * lost + [True] * won + [True, False]
    found = compare_answers(before, after)
    assert (found.lost, found.won) == (lost, won)
    wanted = stats.binomtest(lost, lost + won).pvalue if lost + won else 1.0
    assert found.p == pytest.approx(wanted)


def test_refusals_name_rule_and_value() -> None:
    """Too few tokens for an interval, and answers that cannot be paired, are refused."""
    with pytest.raises(ValueError, match=r"`values` \(=99 of them\) must fill two runs"):
        mean_over_tokens(np.zeros(99))
    with pytest.raises(ValueError, match=r"`before` \(=1\) and `after` \(=2\)"):
        compare_answers([True], [True, False])
