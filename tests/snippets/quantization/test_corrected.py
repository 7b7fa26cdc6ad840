"""Checks of `snippets/quantization/corrected.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "corrected.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_rounding_is_numpys(run: dict[str, Any]) -> None:
    """The error of round-to-nearest on new text is that of NumPy in double precision."""
    weight, x = np.asarray(run["_W"], np.float64), np.asarray(run["_new"], np.float64)
    blocks = weight.reshape(-1, 32)
    scale = np.abs(blocks).max(1, keepdims=True) / 3
    rounded = (np.clip(np.rint(blocks / scale), -3, 3) * scale).reshape(weight.shape)
    wanted = x @ weight.T
    error = np.linalg.norm(x @ rounded.T - wanted) / np.linalg.norm(wanted)
    assert run["rows"][0]["new"] == pytest.approx(error, rel=1e-2)


def test_what_correction_does(run: dict[str, Any]) -> None:
    """The weights get worse, the outputs better; with few tokens only on the text that was seen."""
    plain, corrected = run["rows"]
    assert run["same_bits"]
    assert corrected["weights"] > plain["weights"]
    assert corrected["seen"] < corrected["new"] < plain["new"]
    assert run["seen_errors"] == sorted(run["seen_errors"])
    assert run["new_errors"] == sorted(run["new_errors"], reverse=True)
    assert run["new_errors"][0] > plain["new"]


def test_the_two_texts_differ(run: dict[str, Any]) -> None:
    """No vector of the new text is among those that calibration saw."""
    seen = {row.tobytes() for row in np.asarray(run["_seen"])}
    assert not any(row.tobytes() in seen for row in np.asarray(run["_new"]))
