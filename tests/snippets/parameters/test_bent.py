"""Checks of `snippets/parameters/bent.py`."""

import runpy
from pathlib import Path

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "bent.py"


def test_third_parameter_removes_the_error() -> None:
    """The best line misses by what NumPy's fit misses; three parameters miss by nothing."""
    run = runpy.run_path(str(SNIPPET))
    x = np.linspace(-2, 2, 9)
    missed = np.abs(np.polyval(np.polyfit(x, x**2, 1), x) - x**2).max()
    assert run["line_error"] == pytest.approx(missed, rel=1e-4)
    assert run["parabola_error"] < 1e-5
