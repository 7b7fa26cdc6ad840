"""Checks of `snippets/parameters/other_vocabulary.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "other_vocabulary.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_other_vocabulary(run: dict[str, Any]) -> None:
    """Each further token costs a row of 4,096 twice."""
    assert run["counts"] == [6_738_415_616, 6_738_415_616 + 2 * 4096 * (152_064 - 32_000)]
