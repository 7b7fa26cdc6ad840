"""Checks of `snippets/scale/operations.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "scale" / "operations.py"


def test_rule_and_parts_by_hand() -> None:
    """6ND is that of the papers; GPT-3's parts follow from D, L, V and T."""
    run = runpy.run_path(str(SNIPPET))
    assert [row["six"] for row in run["rows"]] == pytest.approx([3.143e23, 3.799e25], rel=1e-3)
    D, L, V, T = 12288, 96, 50257, 2048
    weights, context = 2 * (12 * L * D * D + V * D), 2 * L * D * (T + 1)
    part = run["parts"][1]
    assert part["training"] == 3 * (weights + context)
    assert part["attention"] == pytest.approx(context / (weights + context))
    assert part["off"] == pytest.approx(6 * 174_604_259_328 / part["training"] - 1)
    D, L, V, T = 16384, 126, 128256, 131072
    layer = 2 * D * D + 2 * D * 1024 + 3 * D * 53248
    weights, context = 2 * (L * layer + V * D), 2 * L * D * (T + 1)
    assert run["longest"] == pytest.approx(context / (weights + context))
