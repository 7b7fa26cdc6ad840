"""Checks of `snippets/distillation/small_effects.py`."""

import runpy
from decimal import Decimal
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "small_effects.py"


def test_what_is_left() -> None:
    """Exact decimals agree; 100, 1,000 and 10,000 removals leave 0.990, 0.905 and 0.368."""
    run = runpy.run_path(str(SNIPPET))
    for row in run["rows"]:
        exact = (1 - Decimal("0.0001")) ** row["count"]
        assert row["left"] == pytest.approx(float(exact), rel=1e-9)
        assert row["left"] == pytest.approx(row["exponential"], rel=3e-3)
    assert [round(row["left"], 3) for row in run["rows"][1:4]] == [0.990, 0.905, 0.368]


def test_needed_is_the_first() -> None:
    """Counting removals one by one stops at the same number."""
    run = runpy.run_path(str(SNIPPET))
    left, count = 1.0, 0
    while left > 0.9:
        left, count = left * (1 - 1e-4), count + 1
    assert run["needed"] == count
