"""Checks of `snippets/precision/codes.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "codes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_values_are_those_of_ml_dtypes(run: dict[str, Any]) -> None:
    """Every code of four, six and eight bits means what ml_dtypes says."""
    codes = np.arange(256, dtype=np.uint8)
    four, six = codes[:16], codes[:32]
    fp4 = [row["fp4"] for row in run["rows"]]
    assert fp4 == four.view(ml_dtypes.float4_e2m1fn).astype(float).tolist()
    assert [row["int4"] for row in run["rows"]] == four.view(ml_dtypes.int4).astype(float).tolist()
    for name in ("e3m2", "e2m3"):
        dtype = getattr(ml_dtypes, f"float6_{name}fn")
        assert [row[name] for row in run["six_rows"]] == six.view(dtype).astype(float).tolist()
    for name, dtype in (("e4m3", ml_dtypes.float8_e4m3fn), ("e5m2", ml_dtypes.float8_e5m2)):
        every = codes.view(dtype).astype(float)
        assert run["infinite"][name] == np.isinf(every).sum()
        assert run["not_numbers"][name] == np.isnan(every).sum()
        positive = every[(every > 0) & np.isfinite(every)]
        assert run["fp8"][name]["value"].tolist() == positive.tolist()
        assert np.array_equal(codes[run["fp8"][name]["code"]].view(dtype).astype(float), positive)


def test_lines_are_sorted_and_reach_one(run: dict[str, Any]) -> None:
    """Each line rises, and its value of largest size is plus or minus one."""
    for line in run["lines"].values():
        assert np.all(np.diff(line) >= 0)
        assert np.abs(line).max() == 1


def test_nf4_and_powers(run: dict[str, Any]) -> None:
    """NF4 is that of bitsandbytes, stored in tests/data; E8M0's codes are powers of two."""
    stored = json.loads((Path(__file__).parents[2] / "data" / "nf4_codes.json").read_text())
    assert [row["nf4"] for row in run["rows"]] == stored["values"]
    assert run["powers"].tolist() == [2.0**-127, 0.5, 1, 2, 2.0**127]
