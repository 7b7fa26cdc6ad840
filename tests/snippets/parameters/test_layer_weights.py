"""Checks of `snippets/parameters/layer_weights.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "layer_weights.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_against_gguf(run: dict[str, Any]) -> None:
    """The weights are those that the format's own decoder gives."""
    import numpy as np
    from gguf import GGUFReader
    from gguf.quants import dequantize

    from explainer.models import path

    reader = GGUFReader(path("smollm2"))
    tensor = next(t for t in reader.tensors if t.name == run["layer"])
    decoded = dequantize(tensor.data, tensor.tensor_type)
    assert np.array_equal(run["patch"], decoded[:32, :48])
    assert np.array_equal(np.float32(run["weights"]), decoded[0, :32])
    assert run["spread"] == pytest.approx(decoded.std(), rel=1e-5)
    assert run["counts"].sum() == (np.abs(decoded) <= 1.5).sum()


def test_codes(run: dict[str, Any]) -> None:
    """Codes have four bits, and equal codes give equal weights."""
    assert run["codes"].min() >= 0
    assert run["codes"].max() <= 15
    pairs = {(row["code"], row["weight"]) for row in run["rows"]}
    assert len(pairs) == len({code for code, _ in pairs})
