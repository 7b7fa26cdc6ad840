"""Checks of `snippets/scale/curves.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "scale" / "curves.py"


def test_decades_and_claim_are_those_worked_out_by_hand() -> None:
    """Falls per decade, the two steps of both laws, and the claim per decade agree with a hand."""
    run = runpy.run_path(str(SNIPPET))
    assert [100 * row["hoffmann"] for row in run["rows"]] == pytest.approx(
        [9.40, 4.74, 2.28], abs=0.005
    )
    assert [100 * row["kaplan"] for row in run["rows"]] == pytest.approx([16.05] * 3, abs=0.005)
    assert 100 * run["rows"][2]["fed"] == pytest.approx(5.77, abs=0.005)
    assert 100 * run["each"] == pytest.approx(7.24, abs=0.005)
    assert [100 * step for step in run["kaplan_steps"]] == pytest.approx([29.5, 16.05], abs=0.05)
    assert [100 * step for step in run["hoffmann_steps"]] == pytest.approx([13.70, 2.28], abs=0.005)
