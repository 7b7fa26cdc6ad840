"""Checks of `snippets/tiny_gpt/attending.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "attending.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_attention_looks_back_only(run: dict[str, Any]) -> None:
    """Each row of each head is a share of what came before: sums of one, nothing ahead."""
    heads = run["heads"]
    assert heads.shape == (3, 11, 11)
    np.testing.assert_allclose(heads.sum(-1), 1, atol=1e-6)
    assert not np.triu(heads, k=1).any()


def test_answer_is_said_letter_by_letter(run: dict[str, Any]) -> None:
    """The most probable next letters are the sorted input, and probabilities add up to one."""
    assert "".join(run["chosen"]) == "".join(sorted("CBABBC"))
    np.testing.assert_allclose(run["said"].sum(-1), 1, atol=1e-6)
    assert run["least"] == min(max(row) for row in run["said"])
    assert run["seen"][0] == "CBABBC"


def test_sums_are_shares(run: dict[str, Any]) -> None:
    """What a head gives to the As, Bs and Cs adds up to one, and is the sum of their cells."""
    for row in run["sums"]:
        assert row["A"] + row["B"] + row["C"] == pytest.approx(1, abs=1e-6)
        line = run["heads"][row["head"] - 1, row["line"] - 1]
        the_bs = [place for place, letter in enumerate("CBABBCABBBC") if letter == "B"]
        assert row["B"] == pytest.approx(sum(float(line[place]) for place in the_bs))
