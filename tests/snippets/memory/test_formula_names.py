"""Checks of `snippets/memory/formula_names.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "memory" / "formula_names.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_parameters(run: dict[str, Any]) -> None:
    """The five students have the parameters that transformers counts."""
    counted = [1_777_088_000, 7_615_616_512, 14_770_033_664, 32_763_876_352, 70_553_706_496]
    assert [row["parameters"] for row in run["rows"]] == counted


def test_formula(run: dict[str, Any]) -> None:
    """The formula's column is that of the printed table, in tenths of a GB."""
    printed = [0.9, 4.2, 8.4, 19.2, 42.0]
    assert [row["classic"] / 10**9 for row in run["rows"]] == printed


def test_files(run: dict[str, Any]) -> None:
    """Two of the files can be looked up: 4,683,075,271 and 8.988 GB, headers included."""
    published = {"qwen-7b": 4_683_075_271, "qwen-14b": 8_988_000_000}
    for name, size in published.items():
        assert 0 < 1 - run["by_name"][name]["bytes"] / size < 0.002
