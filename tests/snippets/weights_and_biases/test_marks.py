"""Checks of `snippets/weights_and_biases/marks.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "marks.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_essay(run: dict[str, Any]) -> None:
    """The essay gets 32 + 21 + 9 + 20 marks, a blank sheet the base mark alone."""
    assert run["essay_mark"] == pytest.approx(32 + 21 + 9 + 20)
    assert run["blank_mark"] == 20


def test_exam(run: dict[str, Any]) -> None:
    """The dot product is 30 + 15 + 20 + 0."""
    assert run["terms"] == [30, 15, 20, 0]
    assert run["exam_mark"] == 65
