"""Checks of `snippets/precision/by_hand.py`."""

import runpy
import struct
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "by_hand.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_value_is_that_of_ml_dtypes(run: dict[str, Any]) -> None:
    """Bits, value and neighbours of a tenth are those that ml_dtypes stores."""
    tenth = np.array([0.1]).astype(ml_dtypes.bfloat16)
    assert run["code"] == int(tenth.view(np.uint16)[0])
    assert run["bits"].replace(" ", "") == f"{run['code']:016b}"
    assert run["value"] == float(tenth[0])
    beside = np.array([run["code"] - 1, run["code"] + 1], np.uint16).view(ml_dtypes.bfloat16)
    assert [run["below"], run["above"]] == beside.astype(float).tolist()
    assert run["step"] == run["above"] - run["value"]


def test_the_upper_half_is_bfloat_cut_off(run: dict[str, Any]) -> None:
    """The first sixteen bits of FP32 are one code below BF16, which rounds up here."""
    (single,) = struct.unpack(">I", struct.pack(">f", 0.1))
    assert run["upper"] == single >> 16
    assert run["cut"] == 1
