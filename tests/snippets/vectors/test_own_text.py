"""Checks of `snippets/vectors/own_text.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "own_text.py"


def test_a_thousand_tokens() -> None:
    """62 vectors of 7,168 numbers for each of 1,000 tokens, multiplied by hand."""
    run = runpy.run_path(str(SNIPPET))
    assert (run["layers"], run["width"], run["tokens"]) == (61, 7_168, 1_000)
    assert run["vectors"] == 62_000
    assert run["numbers"] == 444_416_000
    assert round(run["share"], 6) == 0.000662
