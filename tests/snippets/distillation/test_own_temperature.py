"""Checks of `snippets/distillation/own_temperature.py`."""

import runpy
from pathlib import Path

import pytest
from scipy.optimize import brentq
from scipy.special import softmax

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "own_temperature.py"


def test_temperature_is_the_root() -> None:
    """A numerical root finder comes to the same temperature."""
    run = runpy.run_path(str(SNIPPET))
    root = brentq(lambda T: softmax([4 / T, 0])[1] - 0.25, 0.1, 100)
    assert run["temperature"] == pytest.approx(root, rel=1e-9)
    assert run["share"] == pytest.approx(0.25)
