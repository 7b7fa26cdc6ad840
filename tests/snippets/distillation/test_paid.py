"""Checks of `snippets/distillation/paid.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "paid.py"


def test_labels_behind_the_result() -> None:
    """Twenty labels of the student's own, and 45 times as many behind its teacher."""
    run = runpy.run_path(str(SNIPPET))
    assert (run["own_labels"], run["NUM_TRAIN"], run["times"]) == (20, 900, 45)
