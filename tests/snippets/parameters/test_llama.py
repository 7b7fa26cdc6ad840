"""Checks of `snippets/parameters/llama.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "llama.py"


def test_llama() -> None:
    """Totals are those that transformers counts for Llama-2-7B; three matrices, not two."""
    run = runpy.run_path(str(SNIPPET))
    assert run["total"] == 6_738_415_616
    assert run["layer"] == 202_383_360
    assert sum(run["attention"].values()) == 67_108_864
    assert sum(run["feed_forward"].values()) == 135_266_304
    assert len(run["feed_forward"]) == 3
    assert run["missing"] == 32 * 45_088_768
    assert run["head"] == 131_072_000
