"""Checks of `snippets/learning/adam.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "adam.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_first_steps(run: dict[str, Any]) -> None:
    """SGD moves by rate · gradient; Adam by the rate, against the sign, as g / (|g| + 1e-8)."""
    for row in run["rows"]:
        g = row["gradient"]
        assert row["sgd"] == pytest.approx(-0.001 * g)
        assert row["adam"] == pytest.approx(-0.001 * g / (abs(g) + 1e-8), rel=2e-5)


def test_by_hand(run: dict[str, Any]) -> None:
    """Worked by hand the step is 0.00099999, as Kingma and Ba define it."""
    assert run["by_hand"] == pytest.approx(-0.00099999, abs=1e-9)
