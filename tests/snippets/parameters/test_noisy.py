"""Checks of `snippets/parameters/noisy.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "noisy.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_fit_is_least_squares(run: dict[str, Any]) -> None:
    """The two numbers are those of NumPy's least-squares fit in double precision."""
    x, y = np.asarray(run["x"], np.float64), np.asarray(run["y"], np.float64)
    expected = np.polyfit(x, y, 1)
    np.testing.assert_allclose([run["slope"], run["intercept"]], expected, rtol=1e-4)


def test_numbers_in_and_out(run: dict[str, Any]) -> None:
    """Two hundred points are four hundred numbers, and two come out."""
    assert (run["numbers_in"], run["numbers_out"]) == (400, 2)


def test_explained_share_is_the_squared_correlation(run: dict[str, Any]) -> None:
    """For a fitted line the explained share of variance is Pearson's r squared."""
    r = np.corrcoef(np.asarray(run["x"], np.float64), np.asarray(run["y"], np.float64))[0, 1]
    assert run["explained"] == pytest.approx(r**2, rel=1e-4)
