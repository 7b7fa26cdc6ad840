"""Checks of `snippets/weights_and_biases/xor.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "xor.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_one_neuron_gets_three_of_four(run: dict[str, Any]) -> None:
    """Over the grid of 41 cubed neurons the best answers three cases of four, as in NumPy."""
    values = np.linspace(-4, 4, 41)
    w1, w2, b = np.meshgrid(values, values, values, indexing="ij")
    right = np.mean([(b <= 0), (w2 + b > 0), (w1 + b > 0), (w1 + w2 + b <= 0)], axis=0)
    assert (run["tried"], run["best"], run["perfect"]) == (41**3, right.max(), 0)
    assert run["best"] == 0.75


def test_no_line_separates_the_corners(run: dict[str, Any]) -> None:
    """Linear programming finds no neuron at all that is right in all four cases."""
    x, sign = np.asarray(run["x"]), np.where(run["wanted"], 1, -1)
    rows = -sign[:, None] * np.column_stack([x, np.ones(4)])  # sign · (w·x + b) ≥ 1
    found = optimize.linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(4), bounds=(None, None))
    assert found.status == 2  # infeasible


def test_two_layers_compute_xor(run: dict[str, Any]) -> None:
    """The three neurons return the exclusive or of both inputs."""
    assert run["output"].astype(int).tolist() == [a ^ b for a in (0, 1) for b in (0, 1)]
    assert run["share_right"] == 1
