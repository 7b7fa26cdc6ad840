"""Checks of `snippets/vectors/row.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "row.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_row_is_in_the_file(run: dict[str, Any]) -> None:
    """The vocabulary file puts *bank* on its line, and safetensors reads that row."""
    from safetensors import safe_open

    from explainer.models import path

    words = (path("minilm").parent / "vocab.txt").read_text(encoding="utf-8").splitlines()
    assert words[run["bank"]] == "bank"
    assert run["names"] == words[run["bank"] - 4 : run["bank"] + 5]
    with safe_open(path("minilm"), "np") as file:
        E = file.get_tensor("embeddings.word_embeddings.weight")
    assert np.array_equal(run["row"], E[run["bank"]])
    assert np.array_equal(run["table"][4], E[run["bank"], :20])


def test_each_sentence_has_one_bank(run: dict[str, Any]) -> None:
    """Its id stands once in each row of ids."""
    assert np.asarray(run["tokens"].ids == run["bank"]).sum(axis=1).tolist() == [1, 1, 1, 1]
    assert run["pieces"] == ["[CLS]", "he", "sat", "on", "the", "river", "bank", ".", "[SEP]"]


def test_company_parts_the_banks(run: dict[str, Any]) -> None:
    """PyTorch's hidden states (torch 2.13.0, transformers 5.23.0) give the same cosines."""
    same = [0.97940, 0.94044, 0.91324, 0.90646, 0.93200, 0.94761, 0.91209]
    different = [0.96928, 0.86187, 0.84547, 0.81455, 0.83771, 0.87060, 0.79092]
    np.testing.assert_allclose(run["same"], same, atol=2e-5)
    np.testing.assert_allclose(run["different"], different, atol=2e-5)
    assert run["nearest"] is True
