"""Checks of `snippets/learning/same_count.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "same_count.py"


def test_both_have_twenty_one() -> None:
    """2·5+5 + 5+1 is 21, and so is 3·(2·2+2) + 2+1."""
    assert runpy.run_path(str(SNIPPET))["counts"] == [21, 21]
