"""Checks of `snippets/precision/fits.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "fits.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_memory_over_bytes(run: dict[str, Any]) -> None:
    """24 GB hold 12 billion parameters of two bytes, and 1.5 billion of sixteen."""
    assert [row["parameters"] for row in run["rows"]] == [12_000_000_000, 1_500_000_000]
    assert run["times"] == 8
