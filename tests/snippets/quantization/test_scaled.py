"""Checks of `snippets/quantization/scaled.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "scaled.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_error_is_numpys(run: dict[str, Any]) -> None:
    """With the exponent that was found, NumPy in double precision errs as much on new text."""
    weight, seen, new = (np.asarray(run[name], np.float64) for name in ("_W", "_seen", "_new"))
    wanted = new @ weight.T
    for name, exponent in (("plain", 0.0), ("scaled", run["alpha"])):
        s = np.abs(seen).mean(0) ** exponent
        s /= np.sqrt(s.max() * s.min())
        blocks = (weight * s).reshape(-1, 32)
        scale = np.abs(blocks).max(1, keepdims=True) / 3
        rounded = (np.clip(np.rint(blocks / scale), -3, 3) * scale).reshape(weight.shape) / s
        error = np.linalg.norm(new @ rounded.T - wanted) / np.linalg.norm(wanted)
        assert run["errors"]["new"][name] == pytest.approx(error, rel=1e-2)


def test_the_scales_help_on_text_never_seen(run: dict[str, Any]) -> None:
    """Both texts gain, and the new one is none of those that calibration saw."""
    assert 0 < run["alpha"] < 1
    assert all(error["scaled"] < error["plain"] for error in run["errors"].values())
    seen = {row.tobytes() for row in np.asarray(run["_seen"])}
    assert not any(row.tobytes() in seen for row in np.asarray(run["_new"]))
