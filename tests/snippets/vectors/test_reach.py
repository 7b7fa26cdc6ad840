"""Checks of `snippets/vectors/reach.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "reach.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_reach_is_known_without_computing(run: dict[str, Any]) -> None:
    """Neighbours for the convolution, a triangle for what reads forwards, all for the rest."""
    T = run["T"]
    ones = np.ones((T, T), bool)
    band = np.triu(ones, -1) & np.tril(ones, 1)
    triangle = np.tril(ones)
    known = {
        "convolution": band,
        "recurrence": triangle,
        "causal-attention": triangle,
        "both-ways-attention": ones,
    }
    for row in run["rows"]:
        np.testing.assert_array_equal(np.asarray(run["maps"][row["name"]]) > 0, known[row["name"]])
        assert row["pairs"] == known[row["name"]].sum()
        assert row["last"] == known[row["name"]][-1].sum()
    assert run["stacked"] == 5


def test_slopes_by_moving_an_input(run: dict[str, Any]) -> None:
    """For one text, moving an input a little moves the outputs that the Jacobian names."""
    text = np.asarray(run["texts"][0])
    for name, layer in run["_layers"].items():
        moved = text.copy()
        moved[3] += 1e-2
        change = np.abs(np.asarray(layer(moved)) - np.asarray(layer(text))).max(1)
        reached = np.asarray(run["maps"][name])[:, 3] > 0
        assert (change[~reached] == 0).all() and (change[reached] > 0).all()


def test_recurrence_fades_and_attention_does_not(run: dict[str, Any]) -> None:
    """Texts of independent tokens: for attention no place is nearer than another."""
    last = np.asarray(run["maps"]["causal-attention"])[-1, :-1]
    np.testing.assert_allclose(last / last.mean(), 1, atol=0.35)
    fading = np.asarray(run["maps"]["recurrence"])[-1]
    assert (np.diff(fading) > 0).all()
