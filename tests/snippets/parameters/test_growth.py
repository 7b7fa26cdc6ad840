"""Checks of `snippets/parameters/growth.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "growth.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_counts(run: dict[str, Any]) -> None:
    """Counts are the published ones, AlexNet's and GPT's those of their usual implementations."""
    assert run["lenet"] == 61_706
    assert run["original"] == 60_000
    assert run["alexnet"] == 60_965_224
    assert run["gpt"] == 116_534_784
    assert run["counts"]["GPT-2"] == 1_557_611_200
    assert run["counts"]["GPT-3"] == 174_604_259_328


def test_kimi(run: dict[str, Any]) -> None:
    """Kimi K2 is its published metadata less the buffers: load balancing and frequencies."""
    stored = 1_026_408_235_864
    assert run["kimi"].total == stored - 60 * 384 - 61 * 56
    assert run["widget"]["total"] == run["kimi"].total


def test_answer(run: dict[str, Any]) -> None:
    """The answer has the digits of two to the power of 42."""
    assert run["answer"] == 4_398_046_511_104
    assert [row["year"] for row in run["rows"]] == sorted(row["year"] for row in run["rows"])
