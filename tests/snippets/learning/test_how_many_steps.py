"""Checks of `snippets/learning/how_many_steps.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "how_many_steps.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_steps(run: dict[str, Any]) -> None:
    """300 billion tokens at 3.2 million a step are 93,750 steps; the rest is as published."""
    assert run["gpt_steps"] == pytest.approx(93_750)
    steps = [row["steps"] for row in run["models"]]
    assert steps == [300_000, 1_000_000, 93_750, 1_200_000]


def test_batches(run: dict[str, Any]) -> None:
    """15.6 trillion tokens in 1.2 million steps are 13 million a step, 260 times the first."""
    assert run["last_batch"] == pytest.approx(13e6)
    assert run["last_batch"] / run["first_batch"] == pytest.approx(260)
