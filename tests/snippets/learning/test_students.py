"""Checks of `snippets/learning/students.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "students.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_no_question_is_on_both_papers(run: dict[str, Any]) -> None:
    """Sheet and exam together are the hundred sums, each once."""
    assert sorted(run["sheet"] + run["exam"]) == [(a, b) for a in range(10) for b in range(10)]


def test_memoriser(run: dict[str, Any]) -> None:
    """The memorizer knows the sheet, and of the exam only the sums that are its one guess."""
    row = run["rows"][0]
    assert row["sheet"] == 1.0
    assert row["exam"] == sum(a + b == 9 for a, b in run["exam"]) / 50


def test_learner(run: dict[str, Any]) -> None:
    """The learner misses the five misprints only, and no question of the exam."""
    row = run["rows"][1]
    assert (row["sheet"], row["exam"]) == (45 / 50, 1.0)
    assert abs(run["w_a"] - 1) < 0.1 > abs(run["w_b"] - 1)
