"""Checks of `snippets/precision/four_numbers.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "four_numbers.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


DTYPES = {
    "FP64": "f8", "FP32": "f4", "FP16": "f2", "BF16": "bfloat16", "FP8 E4M3": "float8_e4m3fn",
    "FP8 E5M2": "float8_e5m2", "FP6 E3M2": "float6_e3m2fn", "FP6 E2M3": "float6_e2m3fn",
    "FP4 E2M1": "float4_e2m1fn",
}  # fmt: skip


def stored(number: float, label: str) -> float:
    """Return what ml_dtypes or NumPy keeps of a number."""
    with np.errstate(over="ignore"):
        return float(np.array([number]).astype(getattr(ml_dtypes, DTYPES[label], DTYPES[label]))[0])


def test_all_floats_are_ml_dtypes(run: dict[str, Any]) -> None:
    """The four numbers become what ml_dtypes and NumPy store."""
    for label in DTYPES:
        for name, number in run["numbers"].items():
            np.testing.assert_equal(run["by_name"][label][name], stored(number, label))


def test_integers_and_nf4(run: dict[str, Any]) -> None:
    """Integers round and stop at their end; NF4 takes its nearest value."""
    assert list(run["by_name"]["INT8"].values())[1:] == [0, 127, 127, 3]
    assert list(run["by_name"]["INT4"].values())[1:] == [0, 7, 7, 3]
    assert run["by_name"]["NF4"]["pi"] == 1


def test_around_and_the_odd_parameter(run: dict[str, Any]) -> None:
    """257 lies between 256 and 258 in BF16; the article's number becomes what ml_dtypes says."""
    assert run["around"] == {"bfloat16": (256, 258), "float16": (256.75, 257.25)}
    for label in ("FP16", "BF16", "FP8 E5M2", "FP8 E4M3"):
        np.testing.assert_equal(run["kept"][label], stored(-12138.123, label))
