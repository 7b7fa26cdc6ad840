"""Checks of `snippets/tiny_gpt/forward.py`."""

import runpy
from pathlib import Path
from typing import Any

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
