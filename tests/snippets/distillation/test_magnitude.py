"""Checks of `snippets/distillation/magnitude.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "magnitude.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def predicted(weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Return the classes that an MLP of these parameters names, in NumPy."""
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = np.maximum(x @ weight.T + bias, 0)
    classes: np.ndarray = (x @ weights[-1].T + biases[-1]).argmax(1)
    return classes


@pytest.mark.parametrize("sparsity", [0.0, 0.5, 0.8])
def test_smallest_are_cut(run: dict[str, Any], sparsity: float) -> None:
    """Sorting each layer in NumPy and zeroing the first weights gives the same accuracy."""
    shares = []
    for seed in range(5):
        weights = [np.array(layer.weight[seed]) for layer in run["_params"]]
        biases = [np.asarray(layer.bias[seed]) for layer in run["_params"]]
        for weight in weights:
            order = np.argsort(np.abs(weight), axis=None, kind="stable")
            weight.flat[order[: round(sparsity * weight.size)]] = 0
        x, labels = (np.asarray(leaf[seed]) for leaf in run["_test"])
        shares.append((predicted(weights, biases, x) == labels).mean())
    row = next(row for row in run["rows"] if row["sparsity"] == sparsity)
    assert row["layer"] == pytest.approx(np.mean(shares), abs=2e-3)


def test_counts_and_order(run: dict[str, Any]) -> None:
    """64·128 + 128·128 + 128·10 weights; at half, magnitude beats the pattern, both beat chance."""
    assert run["num_weights"] == 64 * 128 + 128 * 128 + 128 * 10
    assert run["half"]["layer"] > run["pattern"] > run["half"]["random"] + 0.1


def test_uncut_network_is_the_same_in_every_column(run: dict[str, Any]) -> None:
    """At sparsity zero all ways of choosing keep everything."""
    first = run["rows"][0]
    assert first["layer"] == first["global"] == first["random"] > 0.94
