"""Checks of `snippets/learning/same_function.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "same_function.py"


def test_all_agree() -> None:
    """Three tanh units have 3! · 2³ equivalent sets of weights, and all of them agree."""
    run = runpy.run_path(str(SNIPPET))
    assert run["same"] == run["tried"] == 48
