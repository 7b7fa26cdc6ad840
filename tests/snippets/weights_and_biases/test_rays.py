"""Checks of `snippets/weights_and_biases/rays.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "rays.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_rays(run: dict[str, Any]) -> None:
    """Without biases a ReLU network is proportional along a ray, by plain NumPy too."""

    def forward(x: np.ndarray) -> np.ndarray:
        for layer in run["blind"][:-1]:
            x = np.maximum(np.asarray(layer.weight) @ x, 0)
        return np.asarray(np.asarray(run["blind"][-1].weight) @ x)

    point = np.asarray(run["point"])
    np.testing.assert_allclose(forward(2 * point), 2 * forward(point), rtol=1e-5)
    np.testing.assert_allclose(run["far"], forward(2 * point), rtol=1e-4, atol=1e-6)
    assert run["proportional"] is True
