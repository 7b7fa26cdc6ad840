"""Checks of `snippets/audit/perceptron_to_memory_precision.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "perceptron_to_memory_precision.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_formats(run: dict[str, Any]) -> None:
    """Bits, largest value and step are those that ml_dtypes and NumPy report."""
    for name, row in run["rows"].items():
        info = ml_dtypes.finfo(np.dtype(name))  # type: ignore[no-untyped-call]  # it has no hints
        assert row["bits"] == f"1-{info.nexp}-{info.nmant}"
        assert row["largest"] == float(info.max)
        assert row["step"] == float(info.eps)


def test_ends(run: dict[str, Any]) -> None:
    """NumPy's own casts give infinity, 70144, 256 and 257."""
    with np.errstate(over="ignore"):
        assert run["as_half"] == str(float(np.float16(70_000)))
    assert run["as_brain"] == float(ml_dtypes.bfloat16(70_000)) == 70_144
    assert run["odd_brain"] == float(ml_dtypes.bfloat16(257)) == 256
    assert run["odd_half"] == float(np.float16(257)) == 257


def test_integers(run: dict[str, Any]) -> None:
    """Eight bits have 256 codes, and two's complement begins at minus 128."""
    assert run["ranges"] == {"int8": (-128, 127), "uint8": (0, 255)}
    assert run["codes"] == {"int8": 256, "uint8": 256}


def test_scales(run: dict[str, Any]) -> None:
    """The gguf package gives the same block: 32 weights in 34 bytes."""
    assert GGML_QUANT_SIZES[GGMLQuantizationType.Q8_0] == (
        run["weights_in_block"],
        run["block_bytes"],
    )
    assert run["scale_bytes"] == np.dtype(np.float16).itemsize
