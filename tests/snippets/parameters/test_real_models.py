"""Checks of `snippets/parameters/real_models.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "real_models.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


ORACLE = Path(__file__).parents[2] / "data" / "param_oracle.json"


def test_rows_agree_with_transformers(run: dict[str, Any]) -> None:
    """Every row that the oracle knows has its total, its biases and its vocabulary tables."""
    oracle = json.loads(ORACLE.read_text(encoding="utf-8"))["models"]
    known = [row for row in run["rows"] if row["name"] in oracle]
    assert len(known) > 25
    for row in known:
        expected = oracle[row["name"]]
        assert row["total"] == expected["total"]
        assert row["biases"] == expected["biases"]
        parts = expected["parts"]
        tables = parts["embedding"] + parts.get("head", 0) + parts.get("lm_head", 0)
        assert row["embedding"] == pytest.approx(tables / expected["total"])


def test_kinds_add_up(run: dict[str, Any]) -> None:
    """Weights, biases and gains are all there is."""
    assert len(run["rows"]) == 34
    for row in run["rows"]:
        assert row["weights"] + row["biases"] + row["gains"] == row["total"]


def test_names_are_read(run: dict[str, Any]) -> None:
    """Sizes are read from names as people read them."""
    read = {
        "mixtral-8x7b": 56_000_000_000,
        "qwen3-30b-a3b": 30_000_000_000,
        "gemma-2-2b": 2_000_000_000,
        "smollm2-135m": 135_000_000,
        "r1-distill-qwen-1.5b": 1_500_000_000,
        "mistral-7b-v0.1": 7_000_000_000,
        "phi-4": None,
        "gpt2": None,
    }
    assert {name: run["nominal"](name) for name in read} == read


def test_off_by(run: dict[str, Any]) -> None:
    """Deviations are those of the published totals."""
    assert run["off"]["qwen2.5-7b"] == pytest.approx(7_615_616_512 / 7e9 - 1)
    assert run["off"]["qwen2.5-14b"] == pytest.approx(14_770_033_664 / 14e9 - 1)
    assert run["off"]["qwen2.5-32b"] == pytest.approx(32_763_876_352 / 32e9 - 1)
    assert run["off"]["r1-distill-qwen-1.5b"] == pytest.approx(1_777_088_000 / 1.5e9 - 1)
    assert dict(run["seven"])["llama-2-7b"] == 6_738_415_616
    assert run["seven"] == sorted(run["seven"], key=lambda pair: pair[1])
