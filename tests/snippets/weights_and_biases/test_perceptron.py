"""Checks of `snippets/weights_and_biases/perceptron.py`."""

import itertools
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "perceptron.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_truth_table(run: dict[str, Any]) -> None:
    """Sums and answers of all eight cases are those of plain integers."""
    for row, (x1, x2, x3) in zip(run["rows"], itertools.product((0, 1), repeat=3), strict=True):
        total = 6 * x1 + 2 * x2 + 3 * x3
        assert (row["weather"], row["companion"], row["audience"]) == (x1, x2, x3)
        assert (row["sum"], row["above"], row["at_least"]) == (total, total > 5, total >= 5)


def test_two_inputs_never_matter(run: dict[str, Any]) -> None:
    """With > only the weather decides, with ≥ all three do."""
    assert run["decisive"] == [True, False, False]
    assert run["decisive_at_least"] == [True, True, True]


def test_a_millionth_flips_the_tie(run: dict[str, Any]) -> None:
    """The case (0, 1, 1) goes from 0 to 1 when its third weight grows by a millionth."""
    assert (run["before"], run["after"]) == (0, 1)
    assert np.float32(2) + np.float32(3 + 1e-6) > 5


def test_bias_is_the_threshold_turned(run: dict[str, Any]) -> None:
    """The neuron with bias -5 is the perceptron with threshold 5."""
    assert run["same"] is True
    assert run["bias"] == -5


def test_feedback_changes_one_weight(run: dict[str, Any]) -> None:
    """Rosenblatt's rule makes (6, 2, 3), -5 into (5, 2, 3), -6, and every input matters."""
    assert run["new_weight"].tolist() == [5, 2, 3]
    assert float(run["new_bias"]) == -6
    assert run["changed_weights"] == 1
    cases = list(itertools.product((0, 1), repeat=3))
    assert run["new_answers"] == [int(5 * a + 2 * b + 3 * c > 6) for a, b, c in cases]
    assert run["new_decisive"] == [True, True, True]
