"""Checks of `snippets/weights_and_biases/norm_gains.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "norm_gains.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_saved(run: dict[str, Any]) -> None:
    """35,136 gains take 4 bytes each, and 20 for every 32 in Q4_1."""
    assert len(run["names"]) == 61
    assert run["saved_bytes"] == 35_136 * 4 - 35_136 // 32 * 20 == 118_584


def test_error_by_hand(run: dict[str, Any]) -> None:
    """The worst gain is no further off than half a step of its block of 32."""
    import numpy as np

    gains, rounded = run["_gains"].reshape(-1, 32), run["_rounded"].reshape(-1, 32)
    step = (gains.max(-1, keepdims=True) - gains.min(-1, keepdims=True)) / 15
    assert (np.abs(gains - rounded) <= 0.5 * step + 4e-3 * np.abs(gains).max()).all()
    assert run["worst"] == pytest.approx(np.max(np.abs(rounded / gains - 1)))
