"""Checks of `snippets/parameters/another_line.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "another_line.py"


def test_answer() -> None:
    """The line goes through both points of the exercise, and on to (5, 11)."""
    run = runpy.run_path(str(SNIPPET))
    assert all(run["slope"] * x + run["intercept"] == y for x, y in [(0, 1), (2, 5), (5, 11)])
    assert run["answer"] == 11
