"""Checks of `snippets/parameters/transformer.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "transformer.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_total_and_biases(run: dict[str, Any]) -> None:
    """GPT-2 has the totals that transformers counts on the meta device."""
    assert (run["total"], run["biases"]) == (124_439_808, 102_144)


def test_untied(run: dict[str, Any]) -> None:
    """A head of its own adds one vocabulary: what transformers counts when it forgets the tie."""
    assert run["untied"] == 163_037_184


def test_parts(run: dict[str, Any]) -> None:
    """Each part holds what the same part of transformers' GPT-2 holds."""
    assert {row["part"]: row["parameters"] for row in run["parts"]} == {
        "token-embedding": 38_597_376,
        "position-embedding": 786_432,
        "attention": 12 * 2_362_368,
        "feed-forward": 12 * 4_722_432,
        "normalization": 25 * 1_536,
        "output-head": 0,
    }
