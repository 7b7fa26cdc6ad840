"""Checks of `snippets/quantization/block_sizes.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SNIPPET = ROOT / "snippets" / "quantization" / "block_sizes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_count_is_the_published(run: dict[str, Any]) -> None:
    """Llama 2 7B has the 6,738,415,616 parameters that its safetensors index states."""
    assert run["parameters"] == 6_738_415_616


def test_sizes_are_whole_blocks(run: dict[str, Any]) -> None:
    """Bytes are parameters over the block size times its bytes, by gguf-py's table."""
    published = json.loads((ROOT / "tests/data/gguf_types.json").read_text())
    for row in run["sizes"]:
        block = published[row["name"]]
        assert row["bytes"] == run["parameters"] // block["block"] * block["bytes"]


def test_errors_are_those_measured_by_other_tools(run: dict[str, Any]) -> None:
    """On normal weights: gguf-py's, bitsandbytes' and torchao's errors, measured beforehand."""
    measured = {
        "Q8_0": 0.00535,
        "Q4_0": 0.0859,
        "Q4_1": 0.0782,
        "NF4": 0.0920,
        "MXFP4": 0.1150,
    }
    for name, error in measured.items():
        assert run["error"][name] == pytest.approx(error, rel=0.01)
    # There with 7 / scale in float32; the float16 scale changes the last digit.
    assert run["error"]["INT4"] == pytest.approx(0.0948, rel=0.03)


def test_true_bits(run: dict[str, Any]) -> None:
    """NF4, MX and NVFP4 have the bits that their papers derive."""
    bits = {row["name"]: row["bits"] for row in run["errors"]}
    assert (bits["NF4"], bits["MXFP4"], bits["MXFP6"], bits["MXFP8"]) == (4.5, 4.25, 6.25, 8.25)
    assert bits["NF4, scales too"] == pytest.approx(4 + 8 / 64 + 32 / (64 * 256))
    assert bits["NVFP4"] == pytest.approx(4.5, abs=1e-4)
    in_bytes = {row["name"]: row["bytes"] for row in run["errors"]}
    assert in_bytes["MXFP8"] == run["parameters"] // 32 * 33  # 32 elements and a scale of one byte
    assert in_bytes["NF4"] == run["parameters"] // 64 * 36  # 64 half bytes and a float32
