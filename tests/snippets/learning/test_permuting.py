"""Checks of `snippets/learning/permuting.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "permuting.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def _right(network: Any, x: np.ndarray, labels: np.ndarray) -> float:
    """Return the accuracy of a ReLU network, in NumPy and double precision."""
    (W1, b1), (W2, b2) = [[np.asarray(part, np.float64) for part in layer] for layer in network]
    return float((((np.maximum(x @ W1.T + b1, 0)) @ W2.T + b2).argmax(1) == labels).mean())


def test_weights(run: dict[str, Any]) -> None:
    """Each of 64·32 + 32·10 weights has another value after the move."""
    assert run["weights"] == 64 * 32 + 32 * 10 == run["changed"]


def test_function_is_kept(run: dict[str, Any]) -> None:
    """The outputs differ by float rounding only."""
    assert run["largest"] < 1e-4


def test_scores(run: dict[str, Any]) -> None:
    """The scores are those of a NumPy forward pass."""
    x, labels = (np.asarray(part, np.float64) for part in run["digits"].test)
    for name, params in (("one", "network"), ("other", "permuted"), ("average", "average")):
        assert run["scores"][name] == pytest.approx(_right(run[params], x, labels), abs=0.002)


def test_orders(run: dict[str, Any]) -> None:
    """Thirty-two units have 32 · 31 · … · 1 orders."""
    assert run["orders"] == math.prod(range(1, 33))
