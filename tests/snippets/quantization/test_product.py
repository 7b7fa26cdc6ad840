"""Checks of `snippets/quantization/product.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "product.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_sums_and_outputs_are_numpys(run: dict[str, Any]) -> None:
    """The integer sums are NumPy's in int64, the outputs near the product in floats."""
    x, weight = np.array(run["x_codes"]), np.array(run["W_codes"])
    assert (weight @ x).tolist() == run["sums"]
    exact = np.asarray(run["W"], np.float64) @ np.asarray(run["x"], np.float64)
    np.testing.assert_allclose(run["outputs"], exact, atol=0.01)
    assert run["same"]


def test_room(run: dict[str, Any]) -> None:
    """As many of the largest products fit into an INT32, and one more does not."""
    assert run["room"] * 127 * 127 <= np.iinfo(np.int32).max < (run["room"] + 1) * 127 * 127
    assert run["widest"] == 53_248  # d_ff of Llama 3.1 405B, table 3 of Llama Team 2024
