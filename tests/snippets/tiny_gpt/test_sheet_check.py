"""Checks of `snippets/tiny_gpt/sheet_check.py`."""

import runpy
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "sheet_check.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_answer_is_sorted(run: dict[str, Any]) -> None:
    """Python's own sorting agrees, and the answer continues the prompt."""
    assert run["answer"] == "".join(sorted(run["prompt"])) == "ABBBCC"
    assert run["letters"] + run["answer"][-1] == run["prompt"] + run["answer"]


def test_rows_form_a_chain(run: dict[str, Any]) -> None:
    """A letter of the model's own is the next letter of the row before; its sureness is a share."""
    rows = run["rows"]
    assert [row["position"] for row in rows] == list(range(1, 12))
    for before, row in pairwise(rows):
        own = row["origin"] == "own-letter"
        assert own == (row["position"] > 6)
        assert not own or row["letter"] == before["next"]
    np.testing.assert_allclose(run["probabilities"].sum(axis=1), 1)
    assert run["least"] == min(run["probabilities"].max(axis=1)[5:])


def test_differences_are_those_of_the_formats(run: dict[str, Any]) -> None:
    """FP64 and FP32 keep about 16 and 7 digits of logits of this size; a change is far larger."""
    assert run["in_double"] < 1e-12
    assert 1e-8 < run["in_single"] < 1e-3
    assert run["moved"] > 100 * run["tolerance"]


def test_change_is_seen_by_plain_loops(run: dict[str, Any]) -> None:
    """Plain loops over the changed weight move the logits as far."""
    from explainer.gpt import trained_gpt
    from explainer.spreadsheet.reference import decimals
    from tests.spreadsheet import plain_gpt

    params = decimals(trained_gpt())
    prompt = ["ABC".index(letter) for letter in run["letters"]]
    before = np.array(plain_gpt.run(params, prompt, 3)[1]["logits"])
    params["blocks"]["up"]["weight"][1, 7, 11] += 0.001
    after = np.array(plain_gpt.run(params, prompt, 3)[1]["logits"])
    assert run["moved"] == pytest.approx(abs(after - before).max(), rel=1e-6)


def test_guesses_while_reading(run: dict[str, Any]) -> None:
    """A guess is right where it is the letter that was typed next."""
    guesses = [row["next"] for row in run["reading"]]
    assert run["right"] == sum(map(str.__eq__, guesses, run["prompt"][1:]))
    assert len(guesses) == len(run["prompt"]) - 1
