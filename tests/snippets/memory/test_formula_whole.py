"""Checks of `snippets/memory/formula_whole.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "memory" / "formula_whole.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_parts(run: dict[str, Any]) -> None:
    """The parts add up, and the weights have the published bits."""
    assert run["weights"] + run["cache"] + run["activations"] + run["overhead"] == run["total"]
    assert 8 * run["weights"] / 8_030_261_248 == pytest.approx(4.8944, abs=2e-4)
    assert run["cache"] == 2**30


def test_golden(run: dict[str, Any]) -> None:
    """Caches of two texts of 4,096 tokens, from bytes a token that transformers allocates."""
    caches = {case["model"]: case["cache"] for case in run["golden"]}
    per_token = {"qwen2.5-0.5b": 12_288, "llama-3.1-8b": 131_072, "llama-3.1-70b": 327_680}
    for name, size in (per_token | {"deepseek-v3": 70_272}).items():
        assert caches[name] == 2 * 4096 * size
    assert all(type(case["total"]) is int for case in run["golden"])
