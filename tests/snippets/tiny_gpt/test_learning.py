"""Checks of `snippets/tiny_gpt/learning.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "learning.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_starts_as_a_guess(run: dict[str, Any]) -> None:
    """The first loss is not far from log 3, that of a guess among three letters."""
    assert run["first_loss"] == pytest.approx(math.log(3), abs=0.2)
    assert float(run["held_out_share"][0]) < 0.05


def test_sorts_all(run: dict[str, Any]) -> None:
    """In the end all 729 inputs are sorted, those held out as well as those learnt from."""
    assert (run["learnt"], run["held_out"], run["inputs"]) == (547, 182, 3**6)
    assert run["right"] == run["same"] == 729
    assert (float(run["train_share"][-1]), float(run["held_out_share"][-1])) == (1.0, 1.0)


def test_curves_fit_the_steps(run: dict[str, Any]) -> None:
    """There is a record before the first step, every twenty, and after the last."""
    assert np.asarray(run["steps"]).tolist() == list(range(0, run["num_steps"] + 1, 20))
    assert len(run["held_out_share"]) == len(run["steps"])
