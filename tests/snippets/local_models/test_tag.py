"""Checks of `snippets/local_models/tag.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "local_models" / "tag.py"


def test_the_tag_is_another_model() -> None:
    """88.1 times fewer parameters, 4.92 bits each, 57,344 bytes of cache a token."""
    run = runpy.run_path(str(SNIPPET))
    assert run["times"] == pytest.approx(671_026_404_352 / 7_615_616_512)
    assert run["bits"] == pytest.approx(4.919, abs=1e-3)
    assert run["per_token"] == 57_344
    assert run["cache_bytes"] == 57_344 * 131_072
    behind = {row["model"]: (row["aime_behind"], row["gpqa_behind"]) for row in run["rows"]}
    assert behind["qwen-7b"] == pytest.approx((79.8 - 55.5, 71.5 - 49.1))
    assert behind["llama-70b"] == pytest.approx((79.8 - 70.0, 71.5 - 65.2))
