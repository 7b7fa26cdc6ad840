"""Checks of `snippets/scale/fed.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "scale" / "fed.py"


def test_the_trillion_needs_what_the_formula_solved_by_hand_gives() -> None:
    """D = (B / (L - E - A / N^alpha))^(1 / beta), with the printed constants: 3.756e9."""
    run = runpy.run_path(str(SNIPPET))
    loss = 1.69 + 406.4 / 1e9**0.34 + 410.7 / 20e9**0.28
    tokens = (410.7 / (loss - 1.69 - 406.4 / 1e12**0.34)) ** (1 / 0.28)
    assert run["rows"][0]["tokens"] == pytest.approx(tokens)
    assert run["rows"][0]["tokens"] == pytest.approx(3.756e9, rel=1e-3)
    assert [row["fit"] for row in run["rows"]] == ["Hoffmann", "Hoffmann, TeX", "Besiroglu"]
    assert len(run["given"]) == len(run["of_large"]) == len(run["of_small"])
