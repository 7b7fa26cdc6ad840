"""Checks of `snippets/scale/cost.py`."""

import runpy
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "scale" / "cost.py"


def test_rents_are_hours_times_price() -> None:
    """DeepSeek's sum is its report's 5.576 million; the runs reach 348 and 342 TFLOP/s."""
    run = runpy.run_path(str(SNIPPET))
    assert run["deepseek"] == 5.576e6
    assert run["runs"]["deepseek"].flops_per_second == pytest.approx(348e12, rel=2e-3)
    assert run["runs"]["llama3"].flops_per_second == pytest.approx(
        6 * 405_853_388_800 * 15.6e12 / (30.84e6 * 3600)
    )
    rows = {row["model"]: row for row in run["rows"]}
    assert rows["Llama-3.1-405B"]["cost"] == 61.68e6
    assert rows["DeepSeek-V3"]["low"] == pytest.approx(2.664e6 * 1.99)
    assert rows["GPT-3"]["hours"] == pytest.approx(
        3.14e23 / run["runs"]["llama3"].flops_per_second / 3600
    )
