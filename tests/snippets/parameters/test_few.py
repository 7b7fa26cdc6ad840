"""Checks of `snippets/parameters/few.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "few.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_line_is_least_squares(run: dict[str, Any]) -> None:
    """Both numbers and the loss are those of NumPy's fit in double precision."""
    (slope, intercept), (squares,), *_ = np.polyfit(run["x"], run["y"], 1, full=True)
    assert run["slope"] == pytest.approx(slope, rel=1e-5)
    assert run["intercept"] == pytest.approx(intercept, rel=1e-5)
    assert run["loss"] == pytest.approx(squares / run["x"].size, rel=1e-5)


def test_residuals_cancel(run: dict[str, Any]) -> None:
    """Around a least-squares line the residuals sum to nothing."""
    assert sum(row["residual"] for row in run["rows"]) == pytest.approx(0, abs=1e-5)
