"""Checks of `snippets/parameters/neuron_layer.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "neuron_layer.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_neuron(run: dict[str, Any]) -> None:
    """A neuron of three inputs has four parameters and returns their weighted sum."""
    assert run["neuron_parameters"] == 4
    assert float(run["output"]) == np.dot([0.5, -0.25, 0.125], [1, 2, 3]) + 0.75


def test_layer(run: dict[str, Any]) -> None:
    """Four neurons of three inputs hold four times four parameters."""
    assert run["layer_parameters"] == run["layer_weights"].size + run["layer_biases"].size == 16


def test_network(run: dict[str, Any]) -> None:
    """The 100-500-10 network has 55,510 parameters, none of them in its input."""
    rows = [(row["units"], row["weights"], row["biases"]) for row in run["layers"]]
    assert rows == [(100, 0, 0), (500, 50_000, 500), (10, 5_000, 10)]
    assert (run["total"], run["weights_total"], run["biases_total"]) == (55_510, 55_000, 510)
