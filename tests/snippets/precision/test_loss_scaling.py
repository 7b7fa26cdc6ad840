"""Checks of `snippets/precision/loss_scaling.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "loss_scaling.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_shares_lost_are_those_of_ml_dtypes(run: dict[str, Any]) -> None:
    """At each scale the share of zeros is what NumPy and ml_dtypes get by casting."""
    slopes = np.asarray(run["_slopes"])
    for name, shares in run["lost"].items():
        dtype = getattr(ml_dtypes, name, None) or getattr(np, name)
        for scale, share in zip(run["scales"], shares, strict=True):
            with np.errstate(over="ignore"):
                cast: Any = (np.float32(scale) * slopes).astype(dtype)
            assert share == pytest.approx((cast == 0).mean(), abs=1e-6)


def test_scaling_keeps_the_gradient(run: dict[str, Any]) -> None:
    """Scaled, stored in FP16 and divided, the gradient is off by what NumPy finds."""
    slopes = np.asarray(run["_slopes"], np.float64)
    kept = (run["chosen"] * slopes).astype(np.float16).astype(np.float64) / run["chosen"]
    off = np.linalg.norm(kept - slopes) / np.linalg.norm(slopes)
    assert run["off"] == pytest.approx(off, rel=1e-2)
    assert run["typical"] == pytest.approx(np.median(np.abs(slopes)), rel=1e-5)
