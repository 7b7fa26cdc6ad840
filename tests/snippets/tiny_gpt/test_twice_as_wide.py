"""Checks of `snippets/tiny_gpt/twice_as_wide.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "twice_as_wide.py"


def test_counts_are_closed_forms() -> None:
    """L(12D² + 13D) + (V + T + 2)D, for both widths."""
    run = runpy.run_path(str(SNIPPET))
    for width, count in ((48, run["narrow"]), (96, run["wide"])):
        assert count == 3 * (12 * width**2 + 13 * width) + (3 + 11 + 2) * width
