"""Checks of `snippets/audit/local_models_sheets.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "local_models_sheets.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_two(run: dict[str, Any]) -> None:
    """GPT-2 is as transformers counts it, the other sheet as its cells were counted."""
    assert run["gpt2"] == 124_439_808
    assert run["abc"] == 85_712 + 16  # cells with random weights, and constants
    assert round(run["gpt2"] / 85_584) == 1_454  # against the form whose head is tied


def test_closed(run: dict[str, Any]) -> None:
    """Summed array by array, the shape has 85,584 parameters, or 85,728 with its own head."""
    attention = 48 * 144 + 144 + 48 * 48 + 48
    feed_forward = 48 * 192 + 192 + 192 * 48 + 48
    norms = 2 * (48 + 48)
    by_hand = 3 * 48 + 11 * 48 + 3 * (attention + feed_forward + norms) + 48 + 48
    assert run["tied"] == by_hand == 85_584
    assert run["tied"] + 3 * 48 == run["abc"]


def test_letters(run: dict[str, Any]) -> None:
    """None of the characters of the continuation is A, B or C, and the stop is one of seven."""
    assert set(run["missing"]) == set("friend.")
    assert run["characters"] == 19


def test_verdicts(run: dict[str, Any]) -> None:
    """Each of the four claims has one record."""
    assert len(run["by_id"]) == len(run["claims"]) == 4
