"""Checks of `snippets/parameters/wider.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "wider.py"


def test_counts() -> None:
    """Each network holds 111 parameters per hidden neuron and ten output biases."""
    run = runpy.run_path(str(SNIPPET))
    assert run["counts"] == [111 * width + 10 for width in (500, 1000)]
    assert run["short_of_double"] == 10
