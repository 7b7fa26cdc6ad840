"""Checks of `snippets/quantization/granularity.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "granularity.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_errors_are_numpys(run: dict[str, Any]) -> None:
    """At four bits the errors are those of NumPy with scales in half precision."""
    weight = run["_W"].astype(np.float64)
    for name in run["granularities"]:
        size = {"tensor": weight.size, "channel": weight.shape[1], "group": 32}[name]
        blocks = weight.reshape(-1, size)
        scale = (np.abs(blocks).max(1, keepdims=True) / 7).astype(np.float16).astype(np.float64)
        found = np.clip(np.rint(blocks / scale), -7, 7) * scale
        error = np.linalg.norm(found - blocks) / np.linalg.norm(blocks)
        assert run["errors"][name][2] == pytest.approx(error, rel=1e-3)


def test_bits_count_the_scales(run: dict[str, Any]) -> None:
    """Stored bits are those of the codes plus sixteen for each scale."""
    for row in run["rows"]:
        assert row["bits"] == pytest.approx(4 + 16 / row["shared"])
        assert row["scales"] * row["shared"] == run["_W"].size
