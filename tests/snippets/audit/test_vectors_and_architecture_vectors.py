"""Checks of `snippets/audit/vectors_and_architecture_vectors.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPETS = Path(__file__).parents[3] / "snippets" / "audit"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPETS / "vectors_and_architecture_vectors.py"))


def test_lists(run: dict[str, Any]) -> None:
    """R1's lists are the gains of its norms: two a layer of the width, two of the latents, one."""
    assert run["arrays"] == 61 * 4 + 1 == 245
    assert run["gains"] == 61 * (2 * 7168 + 1536 + 512) + 7168 == 1_006_592
    assert run["table_rows"] == 129_280


def test_widths(run: dict[str, Any]) -> None:
    """Widths are those of the published configurations."""
    assert run["widths"] == {
        "bert-base-uncased": 768,
        "gpt2": 768,
        "gpt2-medium": 1024,
        "deepseek-r1": 7168,
        "gpt3-175b": 12_288,
        "llama-3.1-405b": 16_384,
    }
    assert run["giant_bytes"] == 1_342_052_808_704


def test_words(run: dict[str, Any]) -> None:
    """One vector after the embedding and one after each of 61 layers, for each token."""
    assert run["token_vectors"] == 62_000
    assert run["vector_numbers"] == 444_416_000


def test_bytes(run: dict[str, Any]) -> None:
    """R1's files take what 680,571,043,840 FP8 elements, the rest in BF16 and scales add up to."""
    assert run["bits_bytes"] == 83_878_300_544
    assert run["file_bytes"] == 688_574_839_360
    assert run["in_fp8"] == 680_571_043_840  # Hugging Face's metadata of the published files
    assert [round(b / 1e9) for b in run["said"]] == [2684, 5368]


def test_verdicts(run: dict[str, Any]) -> None:
    """Each verdict is one of the five words, and each claim stands once."""
    words = {"right", "right-with-a-gap", "misleading", "wrong", "cannot-be-checked"}
    assert {claim["verdict"] for claim in run["claims"]} <= words
    assert len(run["by_id"]) == len(run["claims"]) == 7
