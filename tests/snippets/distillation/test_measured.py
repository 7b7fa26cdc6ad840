"""Checks of `snippets/distillation/measured.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "measured.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_sizes(run: dict[str, Any]) -> None:
    """64-128-128-10 and 64-16-10 have 26,122 and 1,210 parameters."""
    assert run["teacher_parameters"] == 64 * 128 + 128 + 128 * 128 + 128 + 128 * 10 + 10
    assert run["student_parameters"] == 64 * 16 + 16 + 16 * 10 + 10


def test_few_labels_gain(run: dict[str, Any]) -> None:
    """As found by hand over ten seeds: about +8 at T = 4 and +12.6 at T = 8, in every seed."""
    gains = [row["gain"] for row in run["few_rows"]]
    assert gains[0] == 0
    assert 4 < gains[3] < 20
    assert 8 < gains[4] < 22
    assert run["few_rows"][4]["wins"] == 5


def test_controls_take_the_gain_away(run: dict[str, Any]) -> None:
    """Label smoothing gains nothing and shuffled classes lose, as over ten seeds by hand."""
    assert run["smoothed"]["gain"] < 3
    assert run["shuffled"]["gain"] < -3


def test_all_labels_gain_nothing(run: dict[str, Any]) -> None:
    """With all labels the mean stays within a point of the student alone, near 96 %."""
    assert max(abs(row["gain"]) for row in run["full_rows"]) < 1
    assert 0.94 < run["full_rows"][0]["accuracy"] < 0.98


def test_omitted_digit(run: dict[str, Any]) -> None:
    """No 3 is recognised alone or at T = 1, and most at T = 8."""
    rows = run["omitted_rows"]
    assert rows[0]["high"] == rows[1]["high"] == 0
    assert rows[4]["mean"] > 0.6
    assert rows[0]["accuracy"] < 0.93 < rows[4]["accuracy"]


def test_temperature_is_chosen_on_validation(run: dict[str, Any]) -> None:
    """The choice is the best mean over the validation images, found again by a plain loop."""
    means = {
        T: float(np.mean(run["validation"][1 + i])) for i, T in enumerate((1.0, 2.0, 4.0, 8.0))
    }
    assert run["chosen"] == max(means, key=means.__getitem__)
