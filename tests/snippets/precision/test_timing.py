"""Checks of `snippets/precision/timing.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "timing.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_table_is_the_ratio_of_times(run: dict[str, Any]) -> None:
    """Every ratio is a time over that of FP32, whose own are one; the slowest is the largest."""
    for row in run["rows"]:
        for task in run["tasks"]:
            ratio = run["times"][row["format"]][task] / run["times"]["FP32"][task]
            assert row[task] == pytest.approx(ratio)
    assert all(run["rows"][0][task] == 1 for task in run["tasks"])
    assert run["slowest"] == max(row[task] for row in run["rows"] for task in run["tasks"])


def test_a_longer_task_takes_longer(run: dict[str, Any]) -> None:
    """The clock is real: a thousand rows take longer than one."""
    assert run["times"]["FP32"]["matrix"] > 2 * run["times"]["FP32"]["row"]
