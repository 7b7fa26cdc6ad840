"""Checks of `snippets/memory/kv_sizes.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "memory" / "kv_sizes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_bytes_a_token(run: dict[str, Any]) -> None:
    """Bytes a token are those of caches that were measured with transformers 5.23."""
    tokens = {name: row["token"] for name, row in run["by_name"].items()}
    assert tokens["llama-2-7b"] == 524_288
    assert tokens["llama-3.1-8b"] == run["one_token"] == 131_072
    assert tokens["llama-3.1-70b"] == 327_680
    assert tokens["qwen2.5-7b"] == 57_344
    assert tokens["deepseek-r1"] == 70_272
    assert run["expanded"] == 4_997_120


def test_outgrown(run: dict[str, Any]) -> None:
    """The first context whose cache is larger is one more than weights over bytes a token."""
    for row in run["rows"]:
        assert row["outgrown"] == row["weights"] // row["token"] + 1


def test_windows(run: dict[str, Any]) -> None:
    """Of 62 layers 52 keep 1,023 tokens."""
    whole = run["window_context"]
    share = (52 * 1023 + 10 * whole) / (62 * whole)
    assert run["hybrid"] / run["without"] == pytest.approx(share)


def test_training(run: dict[str, Any]) -> None:
    """16, 18 and 6 bytes a parameter; sixteen texts of 8,192 tokens take 16 GiB."""
    assert [row["total"] for row in run["states"]] == [16, 18, 6]
    assert run["trained"] == 16 * 8_030_261_248
    assert run["sixteen"] == 16 * 2**30
