"""Checks of `snippets/tiny_gpt/sheet_large.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "sheet_large.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_published_counts(run: dict[str, Any]) -> None:
    """GPT-2's smallest model has 124,439,808 parameters, DeepSeek-R1 671,026,404,352."""
    assert run["gpt2"] == 124_439_808
    assert run["r1"] == 671_026_404_352


def test_sheets(run: dict[str, Any]) -> None:
    """Forty sheets of 2^20 rows and 2^14 columns hold R1, thirty-nine do not."""
    assert run["cells_of_sheet"] == 2**34
    assert 39 * 2**34 < run["r1"] <= run["sheets"] * 2**34 == 40 * 2**34
