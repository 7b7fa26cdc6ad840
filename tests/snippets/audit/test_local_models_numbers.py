"""Checks of `snippets/audit/local_models_numbers.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "local_models_numbers.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_shares(run: dict[str, Any]) -> None:
    """The cache is 57,344 bytes a token, 49.3 % of the weights at 131,072; Adam keeps 16 bytes."""
    weights = 2 * 7_615_616_512
    cache = 131_072 * 57_344
    assert round(100 * cache / weights, 1) == 49.3
    assert run["shares"]["running"] == pytest.approx(weights / (weights + cache))
    assert run["shares"]["training"] == 2 / 16


def test_size(run: dict[str, Any]) -> None:
    """The casts of NumPy and ml_dtypes give −12136, −12160 and −12288; E4M3 ends at 448."""
    assert run["stored"] == {
        "float16": float(np.float16(run["large"])),
        "bfloat16": float(ml_dtypes.bfloat16(run["large"])),
        "float8_e5m2": float(ml_dtypes.float8_e5m2(run["large"])),
    }
    assert list(run["stored"].values()) == [-12136, -12160, -12288]
    end = ml_dtypes.finfo(ml_dtypes.float8_e4m3fn).max  # type: ignore[no-untyped-call]  # no hints
    assert run["largest"] == float(end) == 448
    assert round(run["deviations"]) == 606_906


def test_line(run: dict[str, Any]) -> None:
    """NumPy solves the two equations to the same slope and intercept."""
    solved = np.linalg.solve([[1.0, 1.0], [2.0, 1.0]], [1.0, 3.0])
    assert [run["a"], run["b"]] == pytest.approx(list(solved)) == [2, -1]


def test_use(run: dict[str, Any]) -> None:
    """At five the learned line gives 9 and the other 3; at two the other misses 3 by half."""
    assert run["answer"] == np.polyval([2, -1], 5) == 9
    assert run["other"] == np.polyval([0.5, 0.5], 5) == 3
    assert run["missed"] == np.polyval([0.5, 0.5], 2) == 1.5


def test_verdicts(run: dict[str, Any]) -> None:
    """Each of the four claims has one record."""
    assert len(run["by_id"]) == len(run["claims"]) == 4
    assert abs(run["by_id"]["any-number"]["typed"]) > run["by_id"]["any-number"]["true"]
