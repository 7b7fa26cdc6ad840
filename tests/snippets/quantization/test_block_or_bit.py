"""Checks of `snippets/quantization/block_or_bit.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "block_or_bit.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_sizes_and_errors(run: dict[str, Any]) -> None:
    """Stored bits are codes plus sixteen a scale; the smallest blocks win at equal size."""
    for row in run["rows"]:
        assert row["stored"] == pytest.approx(row["bits"] + 16 / row["block_size"])
    small, *_, one_more = run["rows"]
    assert small["stored"] < one_more["stored"]
    assert small["error"] < one_more["error"]
