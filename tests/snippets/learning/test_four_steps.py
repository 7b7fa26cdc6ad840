"""Checks of `snippets/learning/four_steps.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special
from sklearn import metrics

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "four_steps.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def forward(params: Any, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return hidden activations and probabilities of a ReLU network, in float64."""
    first, second = ([np.asarray(leaf, float) for leaf in layer] for layer in params)
    hidden = np.maximum(x @ first[0].T + first[1], 0)
    return hidden, special.softmax(hidden @ second[0].T + second[1], axis=1)


def test_forward_and_loss(run: dict[str, Any]) -> None:
    """Probabilities and loss are those of a NumPy network and scikit-learn."""
    _, probabilities = forward(run["params"], np.asarray(run["images"], float))
    np.testing.assert_allclose(run["probabilities"], probabilities, atol=1e-6)
    expected = metrics.log_loss(np.asarray(run["labels"]), probabilities)
    assert run["first_loss"] == pytest.approx(expected, abs=1e-5)


def test_backward_is_the_closed_form(run: dict[str, Any]) -> None:
    """The output layer gets (p - y) times its input, averaged; the count is 64·32+32+32·10+10."""
    hidden, probabilities = forward(run["params"], np.asarray(run["images"], float))
    error = (probabilities - np.eye(10)[np.asarray(run["labels"])]) / len(hidden)
    np.testing.assert_allclose(run["gradient"][1].weight, error.T @ hidden, atol=1e-6)
    np.testing.assert_allclose(run["gradient"][1].bias, error.sum(0), atol=1e-6)
    assert run["num_parameters"] == run["num_slopes"] == 64 * 32 + 32 + 32 * 10 + 10


def test_update_and_repeat(run: dict[str, Any]) -> None:
    """One step lowers the loss, and the second loss of the long run is that of the one step."""
    assert run["second_loss"] < run["first_loss"]
    losses = np.asarray(run["losses"])
    np.testing.assert_allclose(losses[:2], [run["first_loss"], run["second_loss"]], atol=1e-5)
    _, probabilities = forward(run["learned"], np.asarray(run["digits"].test.x, float))
    share = (probabilities.argmax(1) == np.asarray(run["digits"].test.labels)).mean()
    assert run["unseen"] == pytest.approx(share, abs=2e-3)
    assert share > 0.9
