"""Checks of `snippets/quantization/block_bytes.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType
from gguf.quants import dequantize

ROOT = Path(__file__).parents[3]
SNIPPET = ROOT / "snippets" / "quantization" / "block_bytes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_block_is_what_gguf_py_reads(run: dict[str, Any]) -> None:
    """Taken apart by hand the block gives gguf-py's weights, and gguf-py writes the same bytes."""
    theirs = dequantize(run["block"][None], GGMLQuantizationType.Q4_0)[0]
    np.testing.assert_array_equal(run["restored"], theirs)
    assert run["same_bytes"]
    assert run["block"].nbytes == 18


def test_the_extreme_has_the_lowest_code(run: dict[str, Any]) -> None:
    """The weight of largest magnitude gets code 0, whatever its sign."""
    assert run["extreme_code"] == 0
    assert run["restored"][run["extreme"]] == pytest.approx(run["extreme_weight"], rel=1e-3)


def test_bits_are_the_published(run: dict[str, Any]) -> None:
    """Bits of codes and constants add up to gguf-py's bytes per block."""
    published = json.loads((ROOT / "tests/data/gguf_types.json").read_text())
    for row in run["types"]:
        assert row["bits"] == published[row["name"]]["bpw"]
        assert row["codes"] + row["constants"] == row["bits"]
    assert run["all_types"] == sum(row["block"] > 1 for row in published.values())


def test_every_decoder_agrees(run: dict[str, Any]) -> None:
    """All ten decoders give gguf-py's weights for all the random bytes."""
    assert run["decoders"] == 10
    assert run["agreed"] == run["expected"] == 2000 * (5 * 32 + 5 * 256)
