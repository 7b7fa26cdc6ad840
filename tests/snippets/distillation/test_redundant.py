"""Checks of `snippets/distillation/redundant.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "redundant.py"


def test_either_but_not_both() -> None:
    """Enumerated by hand: one weight suffices for x = 1, none leaves one of two answers wrong."""
    run = runpy.run_path(str(SNIPPET))

    def mistakes(total: float) -> float:
        return sum((total * x > 0.5) != (x == 1) for x in (0, 1)) / 2

    base = mistakes(2)
    assert run["alone"] == [mistakes(1) - base] * 2 == [0, 0]
    assert run["together"] == mistakes(0) - base == 0.5
