"""Checks of `snippets/audit/index_striking.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from explainer.quantization.gguf_layouts import LAYOUTS

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "index_striking.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_neurons(run: dict[str, Any]) -> None:
    """A neuron is an output of a matrix: as many as GPT-3 has biases outside its norms, and V."""
    norms = 96 * 2 * 12_288 + 12_288
    assert run["neurons"] == run["gpt3"].kinds["biases"] - norms + 50_257 == 10_667_089


def test_memory(run: dict[str, Any]) -> None:
    """The formula promises 4.2 GB; the weights alone take more, at Q4_K's true bits."""
    assert run["promised"] == pytest.approx(4.2e9)
    bits = LAYOUTS["Q4_K"].bits_per_weight
    assert run["weights_alone"] == pytest.approx(7_615_616_512 * bits / 8)


def test_decades(run: dict[str, Any]) -> None:
    """Fifteen percent over two decades is 7.24 percent over each: twice in a row gives it back."""
    assert (1 + run["per_decade"]) ** 2 == pytest.approx(1.15)
    assert round(100 * run["per_decade"], 2) == 7.24
