"""A language model, coarsened format by format, and what each step costs it.

The matrices of all layers are coarsened. The embedding table, which is also the head where the
two are tied, and the gains and biases stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax import Array

from explainer.coarsening import coarsen
from explainer.exam import Answers, Exam, sit_exam
from explainer.models.llama import LlamaConfig, LlamaParams
from explainer.perplexity import (
    Interval,
    Paired,
    compare_answers,
    mean_over_tokens,
    perplexity,
    perplexity_ratio,
    same_choice,
    share,
    token_divergences,
    token_losses,
)

MATRICES = ("query", "key", "value", "output", "gate", "up", "down")
"""The fields of `Block` that are coarsened."""


@dataclass(frozen=True)
class Rung:
    """What one format does to a model; every comparison is with the model as it was loaded.

    Args:
        format: Its name; `as loaded` for the model itself.
        bits_per_weight: Of the coarsened matrices, scales included; None for the model itself.
        relative_error: Of all coarsened weights together.
        perplexities: Of each text.
        ratio: Perplexity over that of the model as loaded, both texts together.
        divergence: Mean KL over the tokens, in nats.
        agreement: Share of tokens at which both find the same next token most likely.
        known: Facts still known.
        facts: Lost and won, with McNemar's p.
        right: For each fact, whether the expected token came first.
        probability: For each fact, what the expected token got.
    """

    format: str
    bits_per_weight: float | None
    relative_error: float
    perplexities: tuple[float, ...]
    ratio: Interval
    divergence: Interval
    agreement: Interval
    known: Interval
    facts: Paired
    right: tuple[bool, ...]
    probability: tuple[float, ...]


def coarsen_params(params: LlamaParams, name: str) -> tuple[LlamaParams, float, float]:
    """Return a model with the matrices of its layers coarsened.

    Args:
        params: Whole.
        name: One of `explainer.coarsening.FORMATS`.

    Returns:
        The parameters, true bits per weight of the matrices, and their relative error together.

    Raises:
        ValueError: As `coarsen` does; the message names the matrix.
    """
    changed: dict[str, Array] = {}
    squares = [0.0, 0.0]
    bits = 0.0
    for field in MATRICES:
        weight = getattr(params.blocks, field)
        try:
            changed[field], bits = coarsen(weight, name)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from None
        error_and_size = _squares(changed[field], weight)
        squares = [total + float(part) for total, part in zip(squares, error_and_size, strict=True)]
    blocks = params.blocks._replace(**changed)
    return params._replace(blocks=blocks), bits, float(np.sqrt(squares[0] / squares[1]))


@jax.jit
def _squares(found: Array, wanted: Array) -> tuple[Array, Array]:
    return ((found - wanted) ** 2).sum(), (wanted**2).sum()


def climb(
    params: LlamaParams, config: LlamaConfig, exam: Exam, formats: Sequence[str]
) -> Iterator[Rung]:
    """Yield a rung for the model as loaded, then one for each format, in the order given.

    Args:
        params: Whole, in float32.
        config: Sizes.
        exam: From `explainer.exam.prepare_exam`.
        formats: Names of `explainer.coarsening.FORMATS`.

    Raises:
        ValueError: If a format is unknown or does not fit a matrix.
    """
    base = sit_exam(params, config, exam)
    yield _rung("as loaded", None, 0.0, base, base, exam)
    for name in formats:
        coarse, bits, error = coarsen_params(params, name)
        answers = sit_exam(coarse, config, exam)
        del coarse
        yield _rung(name, bits, error, answers, base, exam)


def _rung(
    name: str, bits: float | None, error: float, answers: Answers, base: Answers, exam: Exam
) -> Rung:
    compared = [
        jax.tree.map(np.asarray, _compare(reference, logits, ids))
        for reference, logits, ids in zip(
            base.text_logits, answers.text_logits, exam.texts, strict=True
        )
    ]
    losses, base_losses, divergences, agreements = (
        list(each) for each in zip(*compared, strict=True)
    )
    right = answers.chosen == exam.expected
    agreement = mean_over_tokens(np.concatenate(agreements))
    return Rung(
        format=name,
        bits_per_weight=bits,
        relative_error=error,
        perplexities=tuple(map(perplexity, losses)),
        ratio=perplexity_ratio(np.concatenate(losses), np.concatenate(base_losses)),
        divergence=mean_over_tokens(np.concatenate(divergences)),
        agreement=Interval(agreement.value, max(0.0, agreement.low), min(1.0, agreement.high)),
        known=share(int(right.sum()), len(right)),
        facts=compare_answers((base.chosen == exam.expected).tolist(), right.tolist()),
        right=tuple(map(bool, right)),
        probability=tuple(map(float, answers.probability)),
    )


@jax.jit
def _compare(reference: Array, logits: Array, ids: Array) -> tuple[Array, ...]:
    """Return losses, the reference's, divergences and agreements, one for each predicted token."""
    divergences, agreements = token_divergences(reference, logits), same_choice(reference, logits)
    losses = token_losses(logits, ids), token_losses(reference, ids)
    return (*losses, divergences[:-1], agreements[:-1])


def as_row(rung: Rung) -> dict[str, Any]:
    """Return a rung as plain numbers, for a table or for JSON; the single facts left out.

    Args:
        rung: From `climb`.
    """

    def ends(interval: Interval) -> list[float]:
        return [interval.low, interval.high]

    return {
        "format": rung.format,
        "bits_per_weight": rung.bits_per_weight,
        "relative_error": rung.relative_error,
        "perplexities": list(rung.perplexities),
        "perplexity_ratio": rung.ratio.value,
        "perplexity_ratio_interval": ends(rung.ratio),
        "divergence": rung.divergence.value,
        "divergence_interval": ends(rung.divergence),
        "agreement": rung.agreement.value,
        "agreement_interval": ends(rung.agreement),
        "facts_known": sum(rung.right),
        "facts": len(rung.right),
        "facts_lost": rung.facts.lost,
        "facts_won": rung.facts.won,
        "facts_p": rung.facts.p,
    }
