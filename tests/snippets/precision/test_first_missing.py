"""Checks of `snippets/precision/first_missing.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "first_missing.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_dtypes_agree(run: dict[str, Any]) -> None:
    """Counting up in the dtype itself, the first number that changes is the one named."""
    for row, dtype in zip(
        run["rows"][1:], (np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn), strict=True
    ):
        numbers = np.arange(1, row["missing"] + 1).astype(np.float64)
        kept: Any = numbers.astype(dtype).astype(np.float64)
        assert np.flatnonzero(kept != numbers).tolist() == [row["missing"] - 1]
    assert int(np.float32(run["rows"][0]["missing"])) == run["rows"][0]["missing"] - 1
