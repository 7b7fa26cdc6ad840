"""Checks of `snippets/parameters/own_config.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SNIPPET = ROOT / "snippets" / "parameters" / "own_config.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_examples(run: dict[str, Any]) -> None:
    """Each example has the total, and the biases, that transformers' own module has."""
    known = json.loads((ROOT / "tests/data/transformers_shapes.json").read_text())["known"]
    oracle = json.loads((ROOT / "tests/data/param_oracle.json").read_text())["models"]
    assert {row["name"]: row["total"] for row in run["rows"]} == {
        name: known[name] for name in run["models"]
    }
    biases = {row["name"]: row["biases"] for row in run["rows"]}
    for name in ("gpt2", "qwen2.5-7b"):
        assert biases[name] == oracle[name]["biases"]
    for name, count in run["counts"].items():
        assert count["total"] == sum(count["components"].values()) == known[name]
        assert count["total"] == sum(count["kinds"].values()) - count["kinds"]["buffers"]
