"""Checks of `snippets/quantization/playground.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "playground.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_corner_is_the_files(run: dict[str, Any]) -> None:
    """The stored bits are those of the weights as safetensors reads them."""
    from safetensors import safe_open

    from explainer.models import path

    with safe_open(path("minilm"), "np") as file:
        whole = file.get_tensor(run["layer"])
    stored = np.array(run["widget"]["weight_bits"], np.uint32).view(np.float32).reshape(16, 64)
    assert np.array_equal(stored, whole[92:108, 832:896])


def test_golden_results_follow_from_the_formulas(run: dict[str, Any]) -> None:
    """Scales, zero-points and codes of every setting are NumPy's in float32, to the last bit."""
    corner = np.array(run["widget"]["weight_bits"], np.uint32).view(np.float32)
    for case in run["golden"]:
        size = {"tensor": 1024, "channel": 64, "group": 32}[case["granularity"]]
        blocks, bits = corner.reshape(-1, size), case["bits"]
        if case["scheme"] == "symmetric":
            top = 2 ** (bits - 1) - 1
            scale = np.abs(blocks).max(1) / np.float32(top)
            codes = np.clip(np.rint(blocks / scale[:, None]), -top, top).astype(np.int8)
        else:
            low, high = np.minimum(blocks.min(1), 0), np.maximum(blocks.max(1), 0)
            scale = (high - low) / np.float32(2**bits - 1)
            zero = np.rint(-low / scale)
            assert zero.tolist() == case["zero_points"]
            codes = np.rint(blocks / scale[:, None]) + zero[:, None]
            codes = np.clip(codes, 0, 2**bits - 1).astype(np.uint8)
        assert scale.view(np.uint32).tolist() == case["scale_bits"]
        assert codes.tobytes().hex() == case["codes"]


def test_the_table_has_every_case(run: dict[str, Any]) -> None:
    """Each cell of the table is the error of one golden case, and smaller blocks never lose."""
    assert len(run["rows"]) * 3 == len(run["golden"])
    for row in run["rows"]:
        if row["bits"] > 2:
            assert row["group"] < row["channel"] < row["tensor"]
