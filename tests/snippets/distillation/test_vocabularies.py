"""Checks of `snippets/distillation/vocabularies.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "vocabularies.py"


def test_sizes_are_the_published_ones() -> None:
    """R1 has 129,280 entries; the distills have 151,936, 152,064 or 128,256."""
    run = runpy.run_path(str(SNIPPET))
    sizes = [row["vocabulary"] for row in run["rows"]]
    assert sizes == [129_280, 151_936, 152_064, 152_064, 152_064, 128_256, 128_256]
    assert run["distinct"] == [128_256, 129_280, 151_936, 152_064]
    assert run["refused"]
