"""Checks of `snippets/audit/perceptron_to_memory_attention.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "perceptron_to_memory_attention.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_classic(run: dict[str, Any]) -> None:
    """Additive attention, number by number: its weights move when the first token does."""
    found = []
    for text in (run["_text"], run["_other"]):
        energies = []
        for token in text:
            hidden = [
                math.tanh(
                    sum(
                        run["_state"][i] * run["_W"][i, j] + token[i] * run["_U"][i, j]
                        for i in range(8)
                    )
                )
                for j in range(8)
            ]
            energies.append(math.exp(sum(v * h for v, h in zip(run["_v"], hidden, strict=True))))
        found.append([energy / sum(energies) for energy in energies])
    moved = max(abs(a - b) for a, b in zip(*found, strict=True))
    assert run["moved"]["classic"] == pytest.approx(moved, rel=1e-9)


def test_only_the_first_token_differs(run: dict[str, Any]) -> None:
    """The two texts share all tokens but the first, and the rows of weights add up to one."""
    assert (run["_text"][1:] == run["_other"][1:]).all()
    assert (run["_text"][0] != run["_other"][0]).all()
    np.testing.assert_allclose(run["self_attention"](run["_text"]).sum(-1), 1)


def test_reach(run: dict[str, Any]) -> None:
    """Ones pushed through convolutions of ones spread over 3, 5 and 11 places."""
    for layers, width in run["reach"].items():
        signal = np.ones(1)
        for _ in range(layers):
            signal = np.convolve(signal, np.ones(run["kernel"]))
        assert width == np.count_nonzero(signal)
    assert run["layers_needed"] == 256
