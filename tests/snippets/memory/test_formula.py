"""Checks of `snippets/memory/formula.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "memory" / "formula.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_table(run: dict[str, Any]) -> None:
    """Fifteen cells in tenths of a GB, multiplied by hand."""
    by_hand = [0.9, 1.8, 3.6, 4.2, 8.4, 16.8, 8.4, 16.8, 33.6, 19.2, 38.4, 76.8, 42.0, 84.0, 168.0]
    assert [row["bytes"] / 10**9 for row in run["rows"]] == by_hand
    assert run["seven"] == pytest.approx(16.8e9)


def test_errors(run: dict[str, Any]) -> None:
    """The formula's errors are those of an independent program over the published sizes."""
    by_hand = {"IQ1_M": -44, "Q2_K": -24, "Q3_K_L": -16, "Q5_K_M": 5, "Q8_0": 13, "F16": 20}
    for name, percent in by_hand.items():
        assert round(100 * run["by_name"][name]["error"]) == percent
    assert round(100 * run["by_name"]["Q4_K_M"]["error"], 1) == -1.9


def test_same_name(run: dict[str, Any]) -> None:
    """Q4_K_M takes the bits of an independent program over the rules of llama.cpp."""
    assert [round(row["bits"], 3) for row in run["same"]] == [6.345, 5.003, 4.894, 4.791]


def test_surcharge(run: dict[str, Any]) -> None:
    """Tokens divided by hand from caches that transformers allocates."""
    tokens = {row["model"]: row["tokens"] for row in run["pays"]}
    assert tokens["llama-2-7b"] == 5_141
    assert tokens["llama-3.1-8b"] == 24_506
    assert tokens["llama-3.1-70b"] == 86_125
    assert round(tokens["deepseek-v3"] / 1e6, 1) == 3.8
