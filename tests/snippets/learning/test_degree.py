"""Checks of `snippets/learning/degree.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "degree.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.mark.parametrize("degree", [0, 1, 3, 7])
def test_training_error_is_least_squares(run: dict[str, Any], degree: int) -> None:
    """The median training error is that of normal least squares on plain powers of x."""
    powers = np.vander(run["x"], degree + 1)
    errors = []
    for y in run["samples"]:
        solved, *_ = np.linalg.lstsq(powers, y, rcond=None)
        errors.append(np.mean((powers @ solved - y) ** 2))
    assert run["rows"][degree]["train"] == pytest.approx(np.median(errors), rel=1e-6)


def test_as_many_parameters_as_points_leave_no_error(run: dict[str, Any]) -> None:
    """A polynomial of degree n - 1 passes through all n points."""
    assert run["rows"][-1]["parameters"] == run["num_points"]
    assert run["rows"][-1]["train"] < 1e-20


def test_no_test_error_is_below_the_noise(run: dict[str, Any]) -> None:
    """New points carry noise of variance 0.09, which no curve can foresee."""
    assert min(row["test"] for row in run["rows"]) > 0.95 * run["noise"] ** 2
    assert run["best"] in (3, 4, 5)
