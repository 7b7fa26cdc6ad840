"""Checks of `snippets/parameters/agreement.py`."""

import json
import runpy
from math import prod
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "agreement.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_three_counts(run: dict[str, Any]) -> None:
    """Paper, memory and file say 55,510 each."""
    assert run["closed_form"] == run["in_memory"] == run["in_file"] == 55_510


def test_file_is_header_and_parameters(run: dict[str, Any]) -> None:
    """The header, parsed by hand as JSON, promises the shapes and the bytes that are there."""
    content, header_bytes = run["content"], run["header_bytes"]
    header = json.loads(content[8:header_bytes])
    tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
    assert sum(prod(entry["shape"]) for entry in tensors.values()) == 55_510
    assert max(entry["data_offsets"][1] for entry in tensors.values()) == 4 * 55_510
    assert len(content) == run["file_bytes"] == header_bytes + 4 * 55_510


def test_tree(run: dict[str, Any]) -> None:
    """Thirteen more numbers, nested twice, are thirteen more parameters."""
    assert run["in_tree"] == 55_510 + 3 + 2 * 5
    assert len(run["leaves"]) == 6
