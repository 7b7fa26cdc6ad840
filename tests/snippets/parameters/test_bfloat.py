"""Checks of `snippets/parameters/bfloat.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "bfloat.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_answer(run: dict[str, Any]) -> None:
    """Two bytes for each of 134,515,008 parameters, over the payload of the file."""
    assert run["payload_bytes"] == 269_030_016
    assert run["ratio"] == pytest.approx(16 / 5.743702, rel=1e-6)
