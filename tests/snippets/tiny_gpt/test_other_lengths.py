"""Checks of `snippets/tiny_gpt/other_lengths.py`."""

import runpy
from itertools import product
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "other_lengths.py"


def test_count_is_that_of_python() -> None:
    """All 243 inputs of five letters are tried, and as many are right as `sorted` says."""
    run = runpy.run_path(str(SNIPPET))
    pairs = dict(line.split(" -> ") for line in run["shown"])
    assert set(pairs) == {"".join(word) for word in product("ABC", repeat=5)}
    assert run["right"] == sum("".join(sorted(word)) == said for word, said in pairs.items())
