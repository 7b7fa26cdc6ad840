"""Checks of `snippets/quantization/lattice.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader
from gguf.quants import dequantize, quantize

from explainer.models import path

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "lattice.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.mark.parametrize("name", ["q4_1", "q5_1"])
def test_gguf_py_finds_the_same(run: dict[str, Any], name: str) -> None:
    """gguf-py's own round trip loses nothing in Q4_1, and the same as ours in Q5_1."""
    tensors = GGUFReader(path("smollm2")).tensors
    tensor = next(t for t in tensors if t.name == "blk.0.attn_q.weight")
    weight = dequantize(tensor.data, tensor.tensor_type)
    kind = GGMLQuantizationType[name.upper()]
    back = dequantize(quantize(weight, kind), kind)
    wanted = np.linalg.norm(back - weight) / np.linalg.norm(weight)
    assert run["error"][name] == pytest.approx(wanted, rel=1e-3)


def test_the_lattice_is_found_at_four_and_eight_bits(run: dict[str, Any]) -> None:
    """From the least, four and eight bits are exact up to float32, as 255 is 17 times 15."""
    rows = run["by_bits"]
    assert rows[4]["least"] < 1e-6
    assert rows[8]["least"] < 1e-6
    assert rows[5]["least"] > 0.03
    assert run["even_share"] == 17


def test_symmetric_errors_halve_with_each_bit(run: dict[str, Any]) -> None:
    """Symmetric widths know nothing of the lattice: each bit more than halves the error."""
    rows = run["by_bits"]
    for less, more in ((2, 3), (3, 4), (4, 5), (5, 6)):
        assert rows[more]["symmetric"] < 0.5 * rows[less]["symmetric"]
