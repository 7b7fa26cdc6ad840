"""Checks of `snippets/local_models/published.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "local_models" / "published.py"


def test_points_are_those_of_the_table_by_hand() -> None:
    """Means and ends follow from the sixteen figures of the README, typed in again."""
    run = runpy.run_path(str(SNIPPET))
    whole = (74.4, 80.1, 76.4, 64.6)
    scores = {
        "72B, Int8": (73.5, 80.1, 73.5, 62.2),
        "72B, Int4": (73.4, 80.1, 75.3, 61.6),
        "14B, BF16": (64.6, 69.8, 60.1, 43.9),
        "7B, BF16": (55.8, 59.7, 50.3, 37.2),
        "1.8B, BF16": (43.3, 55.6, 33.7, 26.2),
    }
    for name, row in run["by_name"].items():
        lost = [best - score for best, score in zip(whole, scores[name], strict=True)]
        assert row["mean"] == pytest.approx(sum(lost) / 4)
        assert (row["low"], row["high"]) == pytest.approx((min(lost), max(lost)))
    assert run["small"]["mean"] == pytest.approx((19.3 + 20.9 + 26.7 + 34.7) / 4)
