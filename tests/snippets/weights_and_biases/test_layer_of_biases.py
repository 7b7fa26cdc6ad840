"""Checks of `snippets/weights_and_biases/layer_of_biases.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "layer_of_biases.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_answer(run: dict[str, Any]) -> None:
    """3.5 bytes a bias, against half a byte a weight."""
    assert run["saved_bytes"] == 14_336
    assert run["share"] == pytest.approx(3.5 / (4096 / 2 + 4))
