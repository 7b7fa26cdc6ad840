"""Checks of `snippets/parameters/line.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "line.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_solved_line_is_the_interpolating_polynomial(run: dict[str, Any]) -> None:
    """Slope and intercept are those that NumPy's polynomial fit finds through both points."""
    np.testing.assert_allclose([run["slope"], run["intercept"]], np.polyfit([1, 2], [1, 3], 1))


def test_descent_ends_where_solving_does(run: dict[str, Any]) -> None:
    """After the last step both parameters are within 1e-4 of (2, -1)."""
    last = run["stops"][-1]
    np.testing.assert_allclose(last[1:3], [2, -1], atol=1e-4)


def test_descent_is_the_textbook_loop(run: dict[str, Any]) -> None:
    """Each stop is the one that a NumPy loop with the hand-derived gradient reaches."""
    x, y, theta, expected = np.array([1.0, 2.0]), np.array([1.0, 3.0]), np.zeros(2), []
    for at in range(1001):
        error = theta[0] * x + theta[1] - y
        expected.append((at, *theta, np.mean(error**2)))
        theta = theta - 0.2 * 2 * np.array([np.mean(error * x), np.mean(error)])
    stops = [expected[at] for at in (0, 1, 10, 100, 1000)]
    np.testing.assert_allclose(run["stops"], stops, atol=2e-5)


def test_answers(run: dict[str, Any]) -> None:
    """At x = 5 the line through both points says 9, and a = b = 0.5 says 3."""
    assert run["answer"] == pytest.approx(9)
    assert run["other_answer"] == 3
