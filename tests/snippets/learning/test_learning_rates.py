"""Checks of `snippets/learning/learning_rates.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "learning_rates.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_closed_form(run: dict[str, Any]) -> None:
    """After 50 steps w is (1 - 4 · rate) to the power of 50."""
    for row in run["rows"]:
        assert row["last"] == pytest.approx((1 - 4 * row["rate"]) ** 50, rel=1e-9)


def test_the_named_cases(run: dict[str, Any]) -> None:
    """0.25 arrives at once, 0.5 never does, 0.51 reaches 7.1; the limit is 2/4."""
    rows = {row["rate"]: row for row in run["rows"]}
    assert rows[0.25]["path"][1] == 0
    assert {abs(w) for w in rows[0.5]["path"]} == {1.0}
    assert rows[0.51]["last"] == pytest.approx(7.1067, abs=1e-4)
    assert run["limit"] == 2 / 4


def test_arrival(run: dict[str, Any]) -> None:
    """0.8 to the power of n first falls below a thousandth at the rounded-up logarithm."""
    assert run["arrives"] == math.ceil(math.log(0.001) / math.log(0.8))


def test_widget_starts_where_the_page_does(run: dict[str, Any]) -> None:
    """The starting values are those of the walk."""
    assert run["widget"] == {
        "curvature": 4,
        "start": 1,
        "rates": [0.01, 0.25, 0.45, 0.5, 0.51],
        "num_steps": 50,
    }
