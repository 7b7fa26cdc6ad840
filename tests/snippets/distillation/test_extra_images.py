"""Checks of `snippets/distillation/extra_images.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "extra_images.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_images_make_the_gain(run: dict[str, Any]) -> None:
    """Hard names for extra images gain more than ten points; softness adds less than four."""
    alone, hard, soft = (row["accuracy"] for row in run["rows"])
    assert hard - alone > 0.1
    assert abs(soft - hard) < 0.04
    assert run["soft_less_hard"] == pytest.approx(100 * (soft - hard), abs=1e-3)


def test_names_are_mostly_right(run: dict[str, Any]) -> None:
    """A teacher of 450 labels names fresh images at 90 to 99 %, so it has not seen them."""
    assert 0.9 < run["pseudo_right"] < 0.99


def test_the_few_are_two_of_each_digit(run: dict[str, Any]) -> None:
    """The first two of each class, in order, are the images that the student alone sees."""
    labels = run["digits"].labels
    mask = run["first_of_each_class"](labels, 2)
    order = (~mask).argsort(stable=True)[: run["num_few"]]
    assert sorted(labels[order].tolist()) == sorted(2 * list(range(10)))
