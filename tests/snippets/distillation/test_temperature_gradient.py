"""Checks of `snippets/distillation/temperature_gradient.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "temperature_gradient.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_norms_are_the_closed_form(run: dict[str, Any]) -> None:
    """Each norm is that of (q - p) / (T B), in NumPy's double precision."""
    teacher, student = (np.asarray(run[name], np.float64) for name in ("teacher", "student"))
    for row in run["rows"]:
        T = row["temperature"]
        gradient = (softmax(student / T, axis=1) - softmax(teacher / T, axis=1)) / (T * 64)
        assert row["plain"] == pytest.approx(np.linalg.norm(gradient), rel=1e-3)
        assert row["scaled"] == pytest.approx(T**2 * np.linalg.norm(gradient), rel=1e-3)


def test_limit_is_reached_like_one_over_temperature(run: dict[str, Any]) -> None:
    """The distance from Hinton's limit halves as the temperature doubles; at 16: below 10 %."""
    off = [row["off"] for row in run["rows"]]
    assert off[4] < 0.1
    assert np.divide(off[4:-1], off[5:]) == pytest.approx([2, 2], rel=0.1)


def test_automatic_gradient_is_the_formula(run: dict[str, Any]) -> None:
    """JAX's gradient and the formula differ by no more than float32 rounding."""
    assert run["largest_gap"] < 1e-8
