"""Checks of `snippets/audit/perceptron_to_memory_memory.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "perceptron_to_memory_memory.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_formula(run: dict[str, Any]) -> None:
    """Four and 32 cancel for every number of bits; sixteen bits of 7B are 15.646 GiB."""
    for bits in (2, 3, 4, 8, 16, 32):
        assert run["as_printed"](7e9, bits) == pytest.approx(run["shorter"](7e9, bits))
    assert run["seven"] == pytest.approx(16.8e9)
    assert round(run["seven"] / 2**30, 3) == 15.646


def test_table(run: dict[str, Any]) -> None:
    """Fifteen values in tenths of a GB, multiplied by hand."""
    by_hand = [0.9, 1.8, 3.6, 4.2, 8.4, 16.8, 8.4, 16.8, 33.6, 19.2, 38.4, 76.8, 42.0, 84.0, 168.0]
    assert [round(row["bytes"] / 1e9, 1) for row in run["rows"]] == by_hand


def test_cache(run: dict[str, Any]) -> None:
    """The caches are those that transformers allocates: 524,288 and 57,344 bytes a token."""
    llama, qwen = run["cache"]["llama-2-7b"], run["cache"]["r1-distill-qwen-7b"]
    assert (llama["per_token"], llama["tokens"]) == (524_288, 5_141)
    assert (qwen["per_token"], qwen["tokens"]) == (57_344, 53_122)
    assert round(100 * run["longest"], 1) == 49.3


def test_training(run: dict[str, Any]) -> None:
    """Sixteen bytes a parameter make 112 GB of seven billion."""
    assert run["training_bytes"] == 112 * 10**9


def test_answer(run: dict[str, Any]) -> None:
    """What the answer allows fills the card exactly."""
    assert run["as_printed"](7e9, run["by_formula"]) == pytest.approx(8e9)
    assert run["by_count"] * 7_615_616_512 / 8 == pytest.approx(8e9)


def test_records_are_plain(run: dict[str, Any]) -> None:
    """Each record has four entries that JSON can hold, and an id of its own."""
    assert json.loads(json.dumps(run["claims"])) == run["claims"]
    assert all(set(claim) == {"id", "verdict", "typed", "true"} for claim in run["claims"])
    assert len(run["by_id"]) == len(run["claims"]) == 6
