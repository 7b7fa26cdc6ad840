"""Checks of `snippets/tiny_gpt/forward.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from explainer.gpt.stored import PATH

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "forward.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_first_vector_is_a_row_of_the_file(run: dict[str, Any]) -> None:
    """The vector of the first letter, C, is the third row of the stored embedding."""
    assert run["first"] == load_file(PATH)["token_embedding"][2, :4].tolist()


def test_numbers_are_worked_out(run: dict[str, Any]) -> None:
    """The numbers of the pass are those of the shapes, and all parameters are used."""
    T, D, N, L = 11, 48, 3, 3
    layer = 10 * T * D + 2 * N * T * T + 2 * T * 4 * D
    assert run["numbers"] == 4 * T * D + L * layer + 2 * T * 3
    assert run["parameters"] == 85_584
    assert {row["name"]: row["parameters"] for row in run["rows"]}["logits"] == 3 * D


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
        line = run["heads"][row["head"] - 1, row["place"] - 1]
        the_bs = [place for place, letter in enumerate("CBABBCABBBC") if letter == "B"]
        assert row["B"] == pytest.approx(sum(float(line[place]) for place in the_bs))
