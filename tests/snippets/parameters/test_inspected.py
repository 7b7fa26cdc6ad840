"""Checks of `snippets/parameters/inspected.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "inspected.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_terminal(run: dict[str, Any]) -> None:
    """The tables show the file's own figures."""
    text = "\n".join(run["lines"])
    for figure in ("98,362,432 B", "134,515,008", "5.7437", "token_embd.weight"):
        assert figure in text


def test_json(run: dict[str, Any]) -> None:
    """The object is the one that the file drop starts from."""
    assert run["tensors"] == 272
    assert run["widget"]["file_bytes"] == 98_362_432
    assert run["widget"]["kinds"] == {
        "weights": 134_479_872,
        "biases": 0,
        "gains": 35_136,
        "buffers": 0,
    }
