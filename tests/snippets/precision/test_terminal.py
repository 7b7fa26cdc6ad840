"""Checks of `snippets/precision/terminal.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "terminal.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_terminal_shows_the_parts(run: dict[str, Any]) -> None:
    """A tenth in BF16 is shown bit by bit, and 70000 overflows FP16, whose largest is 65504."""
    text = "\n".join(run["lines"])
    assert "0 01111011 1001101" in text
    assert "0.10009765625" in text
    answer = run["answer"]
    assert (answer["value"], answer["below"], answer["overflowed"]) == ("inf", 65504.0, True)
