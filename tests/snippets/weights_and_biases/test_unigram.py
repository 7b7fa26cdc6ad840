"""Checks of `snippets/weights_and_biases/unigram.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "unigram.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_counts(run: dict[str, Any]) -> None:
    """Letters are counted as NumPy counts them."""
    symbols, counts = np.unique(list("".join(run["letters"])), return_counts=True)
    assert run["symbols"] == symbols.tolist()
    np.testing.assert_allclose(run["share"], counts / counts.sum())


def test_biases_learn_the_frequencies(run: dict[str, Any]) -> None:
    """The learned shares are the counted ones; biases are their logarithms up to one constant."""
    np.testing.assert_allclose(run["says"], run["share"], atol=1e-5)
    shift = np.asarray(run["bias"]) - np.log(run["share"])
    np.testing.assert_allclose(shift, shift[0], atol=1e-3)


def test_loss_ends_at_the_entropy(run: dict[str, Any]) -> None:
    """The loss starts at the logarithm of the alphabet and ends at the entropy."""
    assert run["first"] == pytest.approx(np.log(len(run["symbols"])), rel=1e-5)
    assert run["last"] == pytest.approx(stats.entropy(run["share"]), rel=1e-5)
