"""Checks of `snippets/quantization/calibrated.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "calibrated.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_percentiles_are_numpys(run: dict[str, Any]) -> None:
    """The error with ranges from percentiles is that of NumPy's percentiles."""
    weight = run["_W"].astype(np.float64)
    tops = np.percentile(np.abs(weight), run["percentile"], axis=1, keepdims=True)
    for row in run["rows"]:
        largest = 2 ** (row["bits"] - 1) - 1
        codes = np.clip(np.rint(weight / (tops / largest)), -largest, largest)
        error = np.linalg.norm(codes * tops / largest - weight) / np.linalg.norm(weight)
        assert row["percentile"] == pytest.approx(error, rel=1e-3)


def test_mse_is_never_worse_than_absmax(run: dict[str, Any]) -> None:
    """The search includes the largest weight itself, so it cannot lose against it."""
    assert all(row["mse"] <= row["absmax"] * 1.00001 for row in run["rows"])
    assert 0 < run["clipped"] < 0.05
