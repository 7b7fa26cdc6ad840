"""Checks of `snippets/quantization/leaning.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "leaning.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_codes_are_numpys(run: dict[str, Any]) -> None:
    """Scale, zero-point and codes follow from the ends of the range, as NumPy rounds."""
    values = np.array(run["activations"])
    scale = (values.max() - values.min()) / 15
    zero = np.rint(-values.min() / scale)
    assert run["scale"] == pytest.approx(scale)
    assert run["zero_point"] == zero
    assert (np.rint(values / scale) + zero).tolist() == run["codes"]
    assert min(run["codes"]) >= 0
    assert max(run["codes"]) <= 15


def test_zero_is_exact(run: dict[str, Any]) -> None:
    """An activation of zero is restored as zero, and the zero-point pays for the ten numbers."""
    assert next(row["back"] for row in run["rows"] if row["activation"] == 0) == 0
    assert run["error"] < run["symmetric_error"]
    assert set(run["symmetric_codes"]).isdisjoint(range(-7, min(run["symmetric_codes"])))
