"""Neurons as the library decides, and sigmoids as NumPy computes them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from explainer.neuron import decisive_inputs, perceptron, truth_table
from tests.javascript.bits import hex64


def neuron_cases() -> dict[str, Any]:
    """Return truth tables with their answers, and sigmoids of weighted sums."""
    rng = np.random.default_rng(0)
    tables = []
    for inputs in (1, 2, 3, 4):
        for _ in range(25):
            # Small whole numbers: ties are frequent, and exact in any precision.
            weight, threshold = rng.integers(-4, 9, inputs), float(rng.integers(-3, 10))
            tables += [_table(weight, threshold, inclusive) for inclusive in (False, True)]
    x, weight = rng.normal(size=(2, 200, 6)) * 4
    z = [
        float(sum(a * b for a, b in zip(*pair, strict=True)))
        for pair in zip(x, weight, strict=True)
    ]
    places = np.concatenate([z, [0.0, 40.0, -40.0, 800.0, -800.0]])
    with np.errstate(over="ignore"):
        score = 1 / (1 + np.exp(-places))
    sums = {"x": hex64(x), "weight": hex64(weight), "z": hex64(z)}
    return {"tables": tables, "sums": sums, "z": hex64(places), "score": hex64(score)}


def _table(weight: Any, threshold: float, inclusive: bool) -> dict[str, Any]:
    cases = truth_table(len(weight))
    answers = perceptron(
        cases, jnp.asarray(weight, jnp.float32), threshold=threshold, inclusive=inclusive
    )
    return {
        "weight": weight.tolist(),
        "threshold": threshold,
        "inclusive": inclusive,
        "cases": np.asarray(cases).astype(int).tolist(),
        "answers": np.asarray(answers).astype(int).tolist(),
        "decisive": np.asarray(decisive_inputs(answers)).tolist(),
    }
