"""Checks of `snippets/weights_and_biases/bias_counts.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "bias_counts.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


ORACLE = Path(__file__).parents[2] / "data" / "param_oracle.json"


def test_biases_agree_with_transformers(run: dict[str, Any]) -> None:
    """Biases and shares are those of the oracle, wherever it knows the model."""
    oracle = json.loads(ORACLE.read_text(encoding="utf-8"))["models"]
    known = [row for row in run["rows"] if row["name"] in oracle]
    assert len(known) >= 6
    for row in known:
        expected = oracle[row["name"]]
        assert row["biases"] == expected["biases"]
        assert row["share"] == expected["biases"] / expected["total"]


def test_places(run: dict[str, Any]) -> None:
    """Qwen2.5-7B has 28 layers of 3,584 + 512 + 512; GPT-2's formula gives 102,144."""
    assert sum(row["all"] for row in run["qwen_rows"]) == 28 * (3584 + 512 + 512) == 129_024
    assert run["gpt_biases"] == 102_144
    assert run["called_bias"] == 58 * 256


def test_width(run: dict[str, Any]) -> None:
    """One part in d + 1."""
    assert dict(run["wide"])[768] == pytest.approx(1 / 769)
