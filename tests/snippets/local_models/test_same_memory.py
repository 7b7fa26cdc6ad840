"""Checks of `snippets/local_models/same_memory.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "local_models" / "same_memory.py"


def test_the_larger_model_wins_in_less_memory() -> None:
    """14B in Int4 takes 13.01 GB against 16.99 and wins all four tests, by the README's figures."""
    run = runpy.run_path(str(SNIPPET))
    gains = [63.3 - 55.8, 69.0 - 59.7, 59.8 - 50.3, 45.7 - 37.2]
    assert run["wins"] == sum(gain > 0 for gain in gains) == 4
    assert run["gain"] == pytest.approx(sum(gains) / 4)
    assert run["saved"] == pytest.approx(1 - 13.01 / 16.99)
