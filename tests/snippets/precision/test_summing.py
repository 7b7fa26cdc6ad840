"""Checks of `snippets/precision/summing.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "summing.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.mark.parametrize(
    ("name", "dtype"),
    [("fp16", np.float16), ("bf16", ml_dtypes.bfloat16), ("e4m3", ml_dtypes.float8_e4m3fn)],
)
def test_sums_are_those_of_a_loop(run: dict[str, Any], name: str, dtype: Any) -> None:
    """Adding in float32 and rounding with ml_dtypes after each addition ends at the same sum."""
    small, total = dtype(run["term"]), dtype(0)
    for _ in range(run["num_terms"]):
        total = dtype(np.float32(total) + np.float32(small))
    assert run["final"][name] == float(total)


def test_fp32_and_chance_come_close(run: dict[str, Any]) -> None:
    """FP32 is within a thousandth of the sum; stochastic BF16 within five of its own sigma."""
    assert run["final"]["fp32"] == pytest.approx(run["wanted"], rel=1e-3)
    # Each addition has a variance below term * step; the step is at most 1/16 below 16.
    sigma = (run["num_terms"] * run["term"] / 16) ** 0.5
    assert abs(run["final"]["chance"] - run["wanted"]) < 5 * sigma


def test_where_a_sum_stops_half_a_step_is_more_than_the_term(run: dict[str, Any]) -> None:
    """NumPy's own spacing says so, for FP16."""
    half = float(np.spacing(np.float16(run["final"]["fp16"]))) / 2
    assert run["half_steps"]["fp16"] == half > run["term"]
    assert run["half_before"] == float(np.spacing(np.float16(3))) / 2
    assert [len(curve) for curve in run["curves"].values()] == [len(run["steps"])] * 6
