"""Checks of `snippets/audit/calculators_bytes.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "calculators_bytes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_tokens(run: dict[str, Any]) -> None:
    """A fifth of the weights holds the cache of 5,141 tokens for 7B and of 86,125 for 70B."""
    tokens = {row["name"]: row["tokens"] for row in run["paid"]}
    assert tokens["llama-2-7b"] == 2 * 6_738_415_616 // 5 // 524_288 == 5141
    assert tokens["llama-3.1-8b"] == 2 * 8_030_261_248 // 5 // 131_072 == 24_506
    assert tokens["llama-3.1-70b"] == 2 * 70_553_706_496 // 5 // 327_680 == 86_125
    assert tokens["deepseek-r1"] == 2 * 671_026_404_352 // 5 // 70_272


def test_bits(run: dict[str, Any]) -> None:
    """The true bits are those of llama.cpp's blocks: bytes over 256 weights."""
    blocks = {"Q2_K": 84, "Q3_K": 110, "Q4_K": 144, "Q5_K": 176, "Q6_K": 210}
    for row in run["bits"]:
        assert row["exact"] == blocks[row["name"]] * 8 / 256
    assert [row["said"] for row in run["bits"]] == [2.75, 3.25, 4.75, 5.75, 6.75]


def test_training(run: dict[str, Any]) -> None:
    """Mixed precision keeps 16 or 18 bytes; two tools say 18, two say 8."""
    assert (run["least"], run["most"]) == (16, 18)
    assert [row["said"] for row in run["training"]] == [8, 18, 18, 8]
    assert run["accelerate_single"] == 16
