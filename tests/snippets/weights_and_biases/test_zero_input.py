"""Checks of `snippets/weights_and_biases/zero_input.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "zero_input.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_curves(run: dict[str, Any]) -> None:
    """The curves are shifted sigmoids, and at zero they say σ(b)."""
    for bias, curve in zip(run["biases"], run["curves"], strict=True):
        np.testing.assert_allclose(curve, special.expit(np.asarray(run["x"]) + bias), rtol=2e-6)
    np.testing.assert_allclose(run["at_zero"], special.expit(np.array([-2, 0, 2])), rtol=1e-6)


def test_no_bias_no_crash(run: dict[str, Any]) -> None:
    """Zero input to a network without biases gives zeros, and so one over V each."""
    assert run["all_zero"] is True
    assert all(layer.bias is None for layer in run["network"])
    assert run["low"] == run["high"] == pytest.approx(1 / 50)
