"""Checks of `snippets/precision/inspector.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "inspector.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_tables_are_whole(run: dict[str, Any]) -> None:
    """Every format of up to eight bits is there with all its codes, decoded as by ml_dtypes."""
    assert sum(map(len, run["tables"].values())) == 5 * 256 + 2 * 64 + 3 * 16 + 4
    for name, table in run["tables"].items():
        if name == "nf4":
            continue
        dtype = getattr(ml_dtypes, name, None) or getattr(np, name)
        values = np.arange(len(table)).astype(np.uint8).view(dtype).astype(float)
        np.testing.assert_array_equal(np.array(table, float), values)  # "nan" and "inf" are read


def test_golden_cases_are_numpys(run: dict[str, Any]) -> None:
    """The bits of FP64, FP32, FP16 and BF16 are what NumPy and ml_dtypes store."""
    dtypes = {"float64": "f8", "float32": "f4", "float16": "f2", "bfloat16": ml_dtypes.bfloat16}
    checked = 0
    for case in run["golden"]:
        if case["format"] in dtypes:
            with np.errstate(over="ignore"):
                stored = np.array([float(case["input"])]).astype(dtypes[case["format"]])
            code = int(stored.view(f"u{stored.itemsize}")[0])
            assert case["bits"] == f"{code:0{8 * stored.itemsize}b}"
            np.testing.assert_equal(float(case["value"]), float(stored[0]))
            checked += 1
    assert checked == 4 * len(run["inputs"])


def test_widget_is_plain_json(run: dict[str, Any]) -> None:
    """The widget's data hold no NaN or Infinity that JSON would not know."""
    json.dumps(run["widget"], allow_nan=False)


def test_flips_differ_in_one_bit(run: dict[str, Any]) -> None:
    """Each flip changes one bit of the code of a tenth, and ml_dtypes reads the same value."""
    for flip in run["flips"]:
        code = int(flip["bits"].replace(" ", ""), 2)
        assert code ^ 0x3DCD == 1 << (15 - flip["place"])
        value = np.array([code], np.uint16).view(ml_dtypes.bfloat16).astype(float)[0]
        assert flip["value"] == value
