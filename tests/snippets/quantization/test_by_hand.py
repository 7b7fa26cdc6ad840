"""Checks of `snippets/quantization/by_hand.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "by_hand.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_answer(run: dict[str, Any]) -> None:
    """2.8 over 7 is 0.4; 1.1 is nearest to three steps, 1.2, and 0.1 off."""
    assert run["scale"] == pytest.approx(0.4)
    assert run["code"] == 3
    assert run["error"] == pytest.approx(0.1)
