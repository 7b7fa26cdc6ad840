"""Checks of `snippets/learning/half_life.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "half_life.py"


def test_counting_the_steps_agrees() -> None:
    """Multiplying until a half is left takes as many steps as the logarithm says."""
    run = runpy.run_path(str(SNIPPET))
    weight, steps = 1.0, 0
    while weight > 0.5:
        weight, steps = weight * (1 - 1e-4), steps + 1
    assert steps - 1 < run["steps"] <= steps
