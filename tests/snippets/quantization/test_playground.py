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
    """The weights are those that safetensors reads, and the place is that of the largest."""
    from safetensors import safe_open

    from explainer.models import path

    with safe_open(path("minilm"), "np") as file:
        whole = file.get_tensor(run["layer"])
    assert np.array_equal(run["corner"], whole[92:108, 832:896])
    assert abs(run["corner"][tuple(run["place"])]) == run["largest"]


def test_cases_follow_from_the_formulas(run: dict[str, Any]) -> None:
    """Error, zeros and true bits per weight of every setting are NumPy's in float32."""
    corner = run["corner"]
    for case in run["cases"]:
        size = {"tensor": 1024, "channel": 64, "group": 32}[case["granularity"]]
        blocks, bits = corner.reshape(-1, size), case["bits"]
        if case["scheme"] == "symmetric":
            top, extra = 2 ** (bits - 1) - 1, 4
            scale = np.abs(blocks).max(1, keepdims=True) / np.float32(top)
            back = np.clip(np.rint(blocks / scale), -top, top) * scale
        else:
            low, high = np.minimum(blocks.min(1), 0), np.maximum(blocks.max(1), 0)
            top, extra = 2**bits - 1, 5
            scale = ((high - low) / np.float32(top))[:, None]
            zero = np.rint(-low[:, None] / scale)
            back = (np.clip(np.rint(blocks / scale) + zero, 0, top) - zero) * scale
        error = np.linalg.norm(back.astype(np.float64) - blocks) / np.linalg.norm(corner)
        assert case["error"] == pytest.approx(error, rel=1e-6)
        assert case["zeros"] == (back == 0).sum()
        assert case["scales"] == len(blocks)
        assert case["stored"] == (corner.size * bits + 8 * extra * len(blocks)) / corner.size


def test_the_table_has_every_case(run: dict[str, Any]) -> None:
    """Each cell of the table is the error of one case, and smaller blocks never lose."""
    assert len(run["rows"]) * 3 == len(run["cases"])
    for row in run["rows"]:
        if row["bits"] > 2:
            assert row["group"] < row["channel"] < row["tensor"]
