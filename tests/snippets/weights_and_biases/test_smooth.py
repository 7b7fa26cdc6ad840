"""Checks of `snippets/weights_and_biases/smooth.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "smooth.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_curves(run: dict[str, Any]) -> None:
    """Step and sigmoid are those of NumPy and SciPy."""
    z = np.asarray(run["z"])
    np.testing.assert_array_equal(run["hard"], np.heaviside(z, 0))
    np.testing.assert_allclose(run["soft"], special.expit(z), rtol=1e-12)


def test_nudge(run: dict[str, Any]) -> None:
    """A millionth moves the step by one and the sigmoid by a quarter of a millionth."""
    assert run["jump"] == 1
    assert run["slide"] == pytest.approx(0.25e-6, rel=1e-6)
