"""Checks of `snippets/precision/inspector.py`."""

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


def test_rows_are_every_format(run: dict[str, Any]) -> None:
    """Bits and value of a tenth in each format that ml_dtypes has are what it stores."""
    from explainer.formats import FORMATS

    assert len(run["rows"]) == len(FORMATS)
    checked = 0
    for row, format in zip(run["rows"], FORMATS.values(), strict=True):
        dtype = format.dtype
        if dtype is None or format.kind != "float":
            continue
        stored = np.array([0.1]).astype(dtype)
        code = int(stored.view(f"u{stored.itemsize}")[0])
        assert row["bits"] == f"{code:0{format.bits}b}"
        assert row["value"] == float(stored[0])
        assert row["error"] == float(stored[0]) - 0.1
        checked += 1
    assert checked == 10


def test_flips_differ_in_one_bit(run: dict[str, Any]) -> None:
    """Each flip changes one bit of the code of a tenth, and ml_dtypes reads the same value."""
    for flip in run["flips"]:
        code = int(flip["bits"].replace(" ", ""), 2)
        assert code ^ 0x3DCD == 1 << (15 - flip["place"])
        value = np.array([code], np.uint16).view(ml_dtypes.bfloat16).astype(float)[0]
        assert flip["value"] == value
