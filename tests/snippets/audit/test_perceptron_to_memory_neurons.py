"""Checks of `snippets/audit/perceptron_to_memory_neurons.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "perceptron_to_memory_neurons.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_cases(run: dict[str, Any]) -> None:
    """The sums are 0, 3, 2, 5, 6, 9, 8, 11, and only the weather decides."""
    assert run["sums"] == [0, 3, 2, 5, 6, 9, 8, 11]
    assert run["go"] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert run["same_as_weather"] == len(run["cases"]) == 8


def test_tie(run: dict[str, Any]) -> None:
    """A sum of exactly five is not above five, is at least five, and a millionth turns it."""
    assert (run["tie"], run["above"], run["at_least"], run["nudged"]) == (5, 0, 1, 1)


def test_names(run: dict[str, Any]) -> None:
    """The totals are those of the published checkpoints, 8.79, 5.50 and 2.39 percent over."""
    assert list(run["totals"].values()) == [7_615_616_512, 14_770_033_664, 32_763_876_352]
    assert [round(100 * each, 2) for each in run["over"].values()] == [8.79, 5.50, 2.39]


def test_digits(run: dict[str, Any]) -> None:
    """A hundred inputs, 500 hidden neurons, ten outputs: 55,510, by multiplying with NumPy."""
    hidden, output = np.zeros((500, 101)), np.zeros((10, 501))  # a column for the bias
    assert run["digits"] == hidden.size + output.size == 55_510
    assert round(100 * run["digits_biases"] / run["digits"], 3) == 0.919


def test_verdicts(run: dict[str, Any]) -> None:
    """A claim with a figure is called right only where both figures are the same."""
    assert run["by_id"]["digits"]["typed"] == run["by_id"]["digits"]["true"]
    assert run["by_id"]["names"]["typed"] != run["by_id"]["names"]["true"]
    assert len(run["by_id"]) == len(run["claims"]) == 6
