"""Checks of `snippets/memory/formula_calculator.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "memory" / "formula_calculator.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_published_models(run: dict[str, Any]) -> None:
    """What is given of a model agrees with its published configuration and count."""
    found = {model["name"]: model for model in run["models"]}
    llama = found["llama-3.1-8b"]
    assert (llama["parameters"], llama["layers"]) == (8_030_261_248, 32)
    assert llama["cache"] == [[2 * 32 * 8 * 128]]
    assert found["deepseek-v3"]["cache"] == [[61 * (512 + 64)]]
    assert found["gemma-3-1b"]["cache"][0][1] == 512  # its window


def test_ways(run: dict[str, Any]) -> None:
    """Mixed precision with AdamW takes sixteen bytes a parameter; a block of Q8_0 34 for 32."""
    assert run["training"]["adamw"] == (2, 14)
    assert run["kv"]["q8_0"] in ((34, 32), (17, 16))


def test_rows(run: dict[str, Any]) -> None:
    """Llama's Q4_K_M has the published bits, and no row is smaller than its weights and cache."""
    rows = {(row["model"], row["format"]): row for row in run["rows"]}
    assert rows["llama-3.1-8b", "q4_k_m"]["bits"] == pytest.approx(4.8944, abs=2e-4)
    assert rows["llama-3.1-8b", "bf16"]["cache"] == 2**30
    assert all(row["total"] > row["weights"] + row["cache"] for row in run["rows"])
    assert rows["deepseek-v3", "q2_k"]["total"] > max(one["bytes"] for one in run["devices"])
