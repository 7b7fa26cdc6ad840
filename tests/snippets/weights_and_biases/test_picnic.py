"""Checks of `snippets/weights_and_biases/picnic.py`."""

import itertools
import math
import runpy
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "picnic.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


WEIGHT = [0.7, 0.5, 0.2, -0.6, -0.2, -0.4]


def test_each_encoding_gives_its_own_answer(run: dict[str, Any]) -> None:
    """The scores are those worked out by hand in exact decimals: no, yes, yes, yes."""
    scores = [row["score"] for row in run["rows"]]
    expected = [0.54983400, 0.69864070, 0.99816706, 0.99999991]
    np.testing.assert_allclose(scores, expected, atol=5e-9)
    assert [row["answer"] for row in run["rows"]] == [0, 1, 1, 1]


def test_sums_are_exact_fractions(run: dict[str, Any]) -> None:
    """The weighted sums equal those of rational arithmetic."""
    weight = [Fraction(str(w)) for w in WEIGHT]
    days: list[list[int | str]] = [[1] * 6, [1, "23/40", "4/5", "1/10", "2/5", "5/12"]]
    days += [[1, 23, "4/5", "1/10", 20, 5], [1, 23, 80, 10, 20, 5]]
    sums = [sum(w * Fraction(x) for w, x in zip(weight, day, strict=True)) for day in days]
    np.testing.assert_allclose([row["sum"] for row in run["rows"]], [float(s) for s in sums])


def test_smaller_weight_larger_effect(run: dict[str, Any]) -> None:
    """Warmth moves the sum by 11.5 and rain by 0.06, about 192 times less."""
    np.testing.assert_allclose([run["warmth"], run["rain"]], [11.5, 0.06])


def test_range_and_corners(run: dict[str, Any]) -> None:
    """Scores of inputs in [0, 1] span 0.2315 to 0.8022, and 19 of 64 corners pass 0.6."""
    np.testing.assert_allclose(run["extremes"], special.expit([-1.2, 1.4]))
    corners = itertools.product((0, 1), repeat=6)
    passed = [sum(w * x for w, x in zip(WEIGHT, c, strict=True)) > math.log(1.5) for c in corners]
    assert run["yes_corners"] == sum(passed) == 19


def test_bias_that_turns_the_answer(run: dict[str, Any]) -> None:
    """A bias just above ln 1.5 - 0.2 = 0.205465 makes the first day a picnic day."""
    assert run["needed_bias"] == pytest.approx(math.log(1.5) - 0.2)
    assert run["biased_score"] == pytest.approx(special.expit(0.41))
