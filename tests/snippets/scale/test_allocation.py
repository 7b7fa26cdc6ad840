"""Checks of `snippets/scale/allocation.py`."""

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SNIPPET = ROOT / "snippets" / "scale" / "allocation.py"


def test_optima_and_meals_are_the_stored_ones() -> None:
    """The three optima are those computed elsewhere; Chinchilla has 20 tokens a parameter."""
    run = runpy.run_path(str(SNIPPET))
    stored = json.loads((ROOT / "tests/data/scaling_laws.json").read_text())["optima"]
    names = ("hoffmann_rounded", "hoffmann_tex", "epoch_besiroglu")
    for row, name in zip(run["rows"], names, strict=False):
        wanted = stored[f"{name} C=5.76e+23"]
        assert row["parameters"] == pytest.approx(wanted["N_opt"])
        assert row["ratio"] == pytest.approx(wanted["tokens_per_param"])
    assert run["actual"]["ratio"] == 20
    assert run["kaplan"] == pytest.approx(10**0.73)
    assert run["chinchilla"] == pytest.approx(10 ** (0.3658 / (0.3478 + 0.3658)))
    assert run["fed"][0]["ratio"] == pytest.approx(300e9 / 174_604_259_328)
    assert [row["inside"] for row in run["constants"]] == [False, True, True, True, False]
