"""Checks of `snippets/vectors/scaling.py`."""

import runpy
from pathlib import Path

import numpy as np

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "scaling.py"


def test_dot_products_spread_by_the_root_of_the_width() -> None:
    """The variance of a sum of d products is d; scaled, the largest weight stays put."""
    rows = runpy.run_path(str(SNIPPET))["rows"]
    widths = np.array([row["width"] for row in rows])
    np.testing.assert_allclose([row["spread"] for row in rows], np.sqrt(widths), rtol=0.05)
    # The limit is that of normal scores: sixteen of them, drawn a hundred thousand times.
    scores = np.random.default_rng(7).normal(size=(100_000, 16))
    shares = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    np.testing.assert_allclose(rows[-1]["scaled"], shares.max(1).mean(), atol=0.02)
    assert [row["plain"] for row in rows] == sorted(row["plain"] for row in rows)
