"""Checks of `snippets/learning/same_start.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "same_start.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.mark.parametrize(
    ("activation", "alive"),
    [
        ("ReLU", (0, 0, 0, 1)),
        ("tanh", (0, 0, 0, 1)),
        ("GELU", (0, 0, 0, 1)),
        ("sigmoid", (0, 0, 8, 1)),
    ],
)
def test_gradients_at_zero(
    run: dict[str, Any], activation: str, alive: tuple[int, int, int, int]
) -> None:
    """Only δ itself survives where φ(0) = 0; δ·φ(0) too where it is not."""
    row = run["by"]["zero"][activation]
    assert tuple(row[name] for name in ("W1", "b1", "W2", "b2")) == alive


def test_zeros_learn_the_larger_class(run: dict[str, Any]) -> None:
    """A network of which only the output bias moves names the larger class."""
    for activation in ("ReLU", "tanh", "GELU"):
        row = run["by"]["zero"][activation]
        assert row["upper"] == pytest.approx(run["majority"][0])
        assert row["crossed"] == pytest.approx(run["majority"][1])


def test_equal_units_stay_equal(run: dict[str, Any]) -> None:
    """Equal neurons stay equal up to rounding; random ones do not."""
    for row in run["rows"]:
        assert (row["spread"] < 1e-5) == (row["start"] != "random")


def test_one_cut_is_what_sklearn_finds(run: dict[str, Any]) -> None:
    """A straight cut solves the upper task and never much more than three clouds of XOR."""
    x = np.asarray(run["x"], np.float64)
    upper, crossed = np.asarray(run["tasks"])
    assert LogisticRegression(C=1e3).fit(x, upper).score(x, upper) == 1.0
    cuts = [
        max(np.mean(side == crossed), np.mean(side != crossed))
        for angle in np.linspace(0, np.pi, 90)
        for offset in np.linspace(-2, 2, 41)
        for side in [x @ [np.cos(angle), np.sin(angle)] > offset]
    ]
    best = max(cuts)
    assert best < 0.85
    for activation in ("ReLU", "tanh", "sigmoid"):
        assert run["by"]["constant"][activation]["crossed"] <= best + 0.02


def test_random_starts_and_gelu_solve_xor(run: dict[str, Any]) -> None:
    """Random starts solve XOR, and equal GELU units nearly do."""
    assert all(row["crossed"] > 0.98 for row in run["by"]["random"].values())
    assert run["by"]["constant"]["GELU"]["crossed"] > 0.95
