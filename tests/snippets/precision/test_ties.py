"""Checks of `snippets/precision/ties.py`."""

import runpy
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "ties.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_ties_are_pythons(run: dict[str, Any]) -> None:
    """Python's `round` goes to even, `decimal` with ROUND_HALF_UP up."""
    for row in run["rows"]:
        assert row["even"] == round(row["x"])
        assert row["up"] == int(Decimal(row["x"]).quantize(Decimal(1), ROUND_HALF_UP))
    assert run["drift"] == {"even": 0.0, "up": 0.5}


def test_bfloat(run: dict[str, Any]) -> None:
    """ml_dtypes rounds 257 and 259 alike; cutting off keeps the value below."""
    wanted = np.array([257.0, 259.0]).astype(ml_dtypes.bfloat16).astype(float)
    assert run["nearest"].tolist() == wanted.tolist()
    assert run["cut"].tolist() == [256, 258]
