"""Checks of `snippets/scale/own_budget.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "scale" / "own_budget.py"


def test_the_week_is_spent() -> None:
    """Six times parameters times tokens is the week's work, at twenty tokens a parameter."""
    run = runpy.run_path(str(SNIPPET))
    assert 6 * run["N"] * run["D"] == pytest.approx(989e12 * 0.35 * 7 * 86400)
    assert run["D"] / run["N"] == pytest.approx(20)
    assert run["cost"] == 336
