"""Checks of `snippets/learning/regularising.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "regularising.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_shares_of_zeros(run: dict[str, Any]) -> None:
    """Dropout zeros a half, ReLU a half, both together three quarters; the layer has 20,200."""
    assert run["layer_parameters"] == 20_200
    assert run["zeros"]["dropout"] == pytest.approx(0.5, abs=0.005)
    assert run["zeros"]["both"] == pytest.approx(0.75, abs=0.01)
    sums = np.asarray(run["_sums"])
    assert run["zeros"]["relu"] == pytest.approx((sums <= 0).mean(), abs=1e-6)


def test_dropout_keeps_the_mean(run: dict[str, Any]) -> None:
    """Kept values are doubled, so that the mean of ones stays one; the order is irrelevant."""
    assert run["kept_mean"] == pytest.approx(1.0, abs=0.01)
    assert run["same_order"]
    dropped, sums = np.asarray(run["_dropped"]), np.asarray(run["_sums"])
    kept = dropped != 0
    np.testing.assert_allclose(dropped[kept], 2 * sums[kept], rtol=1e-6)


def test_decay_shrinks(run: dict[str, Any]) -> None:
    """A thousand steps of decay without a gradient leave e^(-0.1) of every weight."""
    ratio = np.asarray(run["last"]) / np.asarray(run["weights"])
    np.testing.assert_allclose(ratio, math.exp(-0.1), rtol=1e-4)
