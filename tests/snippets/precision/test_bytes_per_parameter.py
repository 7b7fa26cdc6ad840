"""Checks of `snippets/precision/bytes_per_parameter.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "bytes_per_parameter.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_bytes_are_width_times_count(run: dict[str, Any]) -> None:
    """The counts are the published ones, and each byte column is NumPy's item size times them."""
    assert run["models"] == {
        "small": 134_515_008,
        "middle": 8_030_261_248,
        "large": 671_026_404_352,
    }
    rows = {row["format"]: row for row in run["rows"]}
    sizes = {"FP64": 8, "FP32": 4, "BF16": ml_dtypes.bfloat16.dtype.itemsize, "FP8": 1, "FP4": 0.5}
    for name, size in sizes.items():
        assert rows[name]["bytes"] == size
        assert rows[name]["middle"] == size * 8_030_261_248


def test_training_is_sixteen_bytes(run: dict[str, Any]) -> None:
    """Mixed precision with Adam is 16 bytes (Rajbhandari et al. 2020, ZeRO, section 3.1)."""
    assert run["per_parameter"] == run["single"] == 16
    assert sum(row["bytes"] for row in run["states"]) == 16
