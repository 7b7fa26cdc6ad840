"""Checks of `snippets/parameters/mixtures.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "mixtures.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_active(run: dict[str, Any]) -> None:
    """Three conventions give the figures that publishers state, each by its own."""
    rows = {row["name"]: row for row in run["rows"]}
    assert rows["deepseek-r1"]["active"] == 37_552_282_624
    assert rows["deepseek-r1"]["without_input"] == 36_625_603_584
    assert rows["deepseek-r1"]["without_tables"] == 35_698_924_544
    assert round(rows["mixtral-8x7b"]["active"] / 1e9, 1) == 12.9
    assert round(rows["qwen3-235b-a22b"]["active"] / 1e9, 2) == 22.19
    assert round(rows["gpt-oss-120b"]["without_input"] / 1e9, 3) == 5.133
    assert round(rows["gpt-oss-20b"]["without_input"] / 1e9, 3) == 3.608


def test_work_and_rest(run: dict[str, Any]) -> None:
    """The treemap holds the whole model, and resting is 248 of 256 experts in 58 layers."""
    assert run["resting"] == 58 * 248 * 3 * 7168 * 2048
    assert run["active"] == 37_552_282_624
    assert sum(item["value"] for item in run["items"]) == 671_026_404_352
    assert sum(run["working"].values()) == run["active"] == run["items"][1]["value"]
