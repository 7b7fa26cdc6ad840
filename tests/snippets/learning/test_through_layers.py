"""Checks of `snippets/learning/through_layers.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "through_layers.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_signal_follows_the_closed_form(run: dict[str, Any]) -> None:
    """ReLU layers of deviation c/√d multiply the expected square by c²/2."""
    for name, factor in run["factors"].items():
        expected = np.log((factor**2 / 2) ** 15)  # root of 30 layers
        assert np.log(run["signal"][name][-1]) == pytest.approx(expected, abs=1.5)
