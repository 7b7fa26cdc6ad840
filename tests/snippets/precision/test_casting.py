"""Checks of `snippets/precision/casting.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "casting.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_bytes_are_halved(run: dict[str, Any]) -> None:
    """64 x 64 + 64 + 64 x 10 + 10 parameters of four bytes, then of two."""
    assert (run["before"], run["after"]) == (4 * 4810, 2 * 4810)


def test_errors_are_those_of_ml_dtypes(run: dict[str, Any]) -> None:
    """The largest relative error and the share changed are those of a cast by ml_dtypes."""
    weights = np.asarray(run["_weights"])
    again: Any = weights.astype(ml_dtypes.bfloat16).astype(np.float32)
    some = weights != 0
    off = np.abs(again[some] - weights[some]) / np.abs(weights[some])
    assert run["largest_off"] == pytest.approx(off.max())
    assert run["changed"] == pytest.approx((again != weights).mean(), abs=1e-6)
    assert run["zeros"] == pytest.approx((np.trunc(weights) == 0).mean())
