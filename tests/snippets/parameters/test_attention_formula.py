"""Checks of `snippets/parameters/attention_formula.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "attention_formula.py"


def test_heads_do_not_change_the_count() -> None:
    """Every number of heads counts 4 · 8192², and the popular formula is H times that."""
    rows = runpy.run_path(str(SNIPPET))["rows"]
    assert [row["heads"] for row in rows] == [1, 64, 128, 256]
    assert {row["parameters"] for row in rows} == {268_435_456}
    assert [row["popular"] for row in rows] == [
        268_435_456,
        17_179_869_184,
        34_359_738_368,
        68_719_476_736,
    ]
    assert all(row["ratio"] == row["heads"] for row in rows)
