"""Checks of `snippets/memory/running_which.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "memory" / "running_which.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_holding(run: dict[str, Any]) -> None:
    """A file of 404 GB fits none of five devices and needs three cards of 141 GB."""
    assert (run["student"]["held_by"], run["teacher"]["held_by"]) == (5, 0)
    assert (run["student"]["cards"], run["teacher"]["cards"]) == (1, 3)
    assert run["more_to_hold"] == pytest.approx(404e9 / 4_683_075_271)


def test_reading(run: dict[str, Any]) -> None:
    """A token reads R1's 36,625,603,584 active parameters less its table, and the student's."""
    bits = 8 * 404e9 / 671_026_404_352
    assert run["teacher"]["read"] == pytest.approx(36_625_603_584 * bits / 8, rel=1e-6)
    few = 8 * 4_683_075_271 / 7_615_616_512
    read = (7_615_616_512 - 152_064 * 3584) * few / 8
    assert run["student"]["read"] == pytest.approx(read, rel=1e-6)


def test_scores(run: dict[str, Any]) -> None:
    """The scores are those of R1's README."""
    assert [(row["aime"], row["gpqa"]) for row in run["rows"]] == [(55.5, 49.1), (79.8, 71.5)]
