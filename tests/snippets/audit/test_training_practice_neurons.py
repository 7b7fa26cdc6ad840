"""Checks of `snippets/audit/training_practice_neurons.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "training_practice_neurons.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.mark.parametrize(
    ("name", "D", "L", "V"),
    [("gpt2", 768, 12, 50_257), ("gpt2-xl", 1600, 48, 50_257), ("gpt3-175b", 12_288, 96, 50_257)],
)
def test_neurons_of_gpt(run: dict[str, Any], name: str, D: int, L: int, V: int) -> None:
    """A GPT has 9D weighted sums in each layer (3D, D, 4D, D), and one for each token."""
    assert run["by_name"][name]["neurons"] == 9 * D * L + V


def test_neurons_of_the_audit(run: dict[str, Any]) -> None:
    """GPT-3 has 10,667,089, GPT-2 133,201, and R1 172,241,472."""
    found = [run["by_name"][name]["neurons"] for name in ("gpt3-175b", "gpt2", "deepseek-r1")]
    assert found == [10_667_089, 133_201, 172_241_472]


def test_neurons_of_llama(run: dict[str, Any]) -> None:
    """Llama-2-7B: four square projections, two to the hidden layer, one back, and the head."""
    layer = 4 * 4096 + 2 * 11_008 + 4096
    assert run["by_name"]["llama-2-7b"]["neurons"] == 32 * layer + 32_000


def test_neurons_of_r1(run: dict[str, Any]) -> None:
    """R1, part by part: attention, three dense layers, 257 experts in 58 others, routers, head."""
    attention = 61 * (1536 + 128 * 192 + 512 + 64 + 128 * 256 + 7168)
    dense = 3 * (2 * 18_432 + 7168)
    experts = 58 * 257 * (2 * 2048 + 7168)
    total = attention + dense + experts + 58 * 256 + 129_280
    assert run["by_name"]["deepseek-r1"]["neurons"] == total


def test_layers(run: dict[str, Any]) -> None:
    """The rest is both tables and the last norm of GPT-3; the layers hold 99.632 percent."""
    assert run["rest"] == 50_257 * 12_288 + 2048 * 12_288 + 2 * 12_288
    assert run["in_layers"] == 173_961_510_912
    assert round(100 * run["in_layers"] / run["gpt3"].total, 3) == 99.632


def test_matrices(run: dict[str, Any]) -> None:
    """GPT-2 has four matrices in each of twelve layers, and the head."""
    assert (run["conv1d"], run["linear"]) == (12 * 4, 1)
