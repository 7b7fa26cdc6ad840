"""Checks of `snippets/distillation/together.py`."""

import runpy
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from scipy.special import log_softmax

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "together.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_removals_by_hand(run: dict[str, Any]) -> None:
    """NumPy, zeroing columns in a loop, finds the first network's sum and joint effect."""
    params, learn = jax.jit(run["network"])(run["_keys"][0])
    (w1, b1), (w2, b2) = ((np.asarray(p.weight, np.float64), np.asarray(p.bias)) for p in params)
    x, labels = (np.asarray(leaf) for leaf in learn)
    hidden = np.maximum(x @ w1.T + b1, 0)

    def loss(gone: np.ndarray) -> float:
        kept = hidden.copy()
        kept[:, gone] = 0
        scores = log_softmax(kept @ w2.T + b2, axis=1)
        return -float(scores[np.arange(len(labels)), labels].mean())

    none = np.array([], int)
    each = np.array([loss(np.array([unit])) - loss(none) for unit in range(64)])
    least = each.argsort()[:32]
    row = run["rows"][0]
    assert row["before"] == pytest.approx(loss(none), rel=0.05)
    assert row["summed"] == pytest.approx(each[least].sum(), rel=0.1)
    assert row["together"] == pytest.approx(loss(least) - loss(none), rel=0.2)


def test_together_is_more_in_every_network(run: dict[str, Any]) -> None:
    """In no network does the sum reach the joint effect."""
    assert all(row["times"] > 1.2 for row in run["rows"])
    assert len(run["rows"]) == 5
