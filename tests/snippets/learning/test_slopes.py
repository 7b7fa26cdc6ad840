"""Checks of `snippets/learning/slopes.py`."""

import runpy
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "slopes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_gradient_is_four_w(run: dict[str, Any]) -> None:
    """The slope of 2w² is 4w, worked out and by nudging, and so says jax.grad."""
    for row in run["rows"]:
        assert row["gradient"] == 4 * row["w"] == jax.grad(run["f"])(row["w"])
        assert row["nudged"] == pytest.approx(4 * row["w"])
        assert row["new"] == pytest.approx(0.6 * row["w"])


def test_curve(run: dict[str, Any]) -> None:
    """The drawn curve is 2w²."""
    np.testing.assert_allclose(run["curve_f"], 2 * np.square(run["curve_w"]))
