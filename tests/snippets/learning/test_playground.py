"""Checks of `snippets/learning/playground.py`."""

import runpy
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "playground.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_parameters(run: dict[str, Any]) -> None:
    """The count of each size is the sum of inputs times outputs plus outputs."""
    for row in run["rows"]:
        widths = [int(width) for width in row["size"].split("–")]
        assert row["parameters"] == sum(i * o + o for i, o in pairwise(widths))


def test_filled_up_neurons_stay_zero(run: dict[str, Any]) -> None:
    """Every weight into, out of and on a filled-up neuron is exactly zero after training."""
    (W1, b1), (W2, b2), (W3, b3), (W4, _) = run["_trained"]["spiral", (2, 2, 2)]
    for wide in (W1[2:], b1[2:], W2[2:], W2[:, 2:], b2[2:], W3[2:], W3[:, 2:], b3[2:], W4[:, 2:]):
        assert not np.asarray(wide).any()
    assert run["silent"] == 0


def test_labels_of_the_circle(run: dict[str, Any]) -> None:
    """A point is labelled one exactly where it lies in the disc of area π/2."""
    x, inside = (np.asarray(part) for part in run["_new"][0])
    assert ((np.hypot(*x.T) < 0.5**0.5) == (inside > 0)).all()
    assert inside.mean() == pytest.approx(np.pi / 8, abs=0.08)


def test_written_numbers_are_the_network(run: dict[str, Any]) -> None:
    """The numbers of the table, run in NumPy, give the surface that is drawn."""
    W = np.array(run["neurons"])
    x, y = np.meshgrid(np.linspace(-1, 1, 33), np.linspace(1, -1, 33))
    hidden = np.tanh(W[:, 0] * x[..., None] + W[:, 1] * y[..., None] + W[:, 2])
    surface = 1 / (1 + np.exp(-(hidden @ W[:, 3] + run["output_bias"])))
    np.testing.assert_allclose(run["surfaces"][1], surface, atol=1e-4)


def test_no_cut_beats_the_straight_one_by_much(run: dict[str, Any]) -> None:
    """No straight cut of a dense fan of them gets as much of the disc as three neurons do."""
    x, inside = (np.asarray(part, np.float64) for part in run["_new"][0])
    best = max(
        max(np.mean(side == inside), np.mean(side != inside))
        for angle in np.linspace(0, np.pi, 60)
        for offset in np.linspace(-1.5, 1.5, 61)
        for side in [x @ [np.cos(angle), np.sin(angle)] > offset]
    )
    assert run["rows"][0]["circle"] - 0.01 <= best < run["rows"][3]["circle"] - 0.1


def test_spread_is_that_of_seeds(run: dict[str, Any]) -> None:
    """Without a hidden layer the loss is convex, and all seeds end at nearly the same place."""
    assert run["rows"][0]["circle_spread"] < 0.02
    assert len(run["rows"]) == 16
