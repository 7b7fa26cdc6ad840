"""Checks of `snippets/parameters/opened.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "opened.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_file_by_gguf(run: dict[str, Any]) -> None:
    """Tensors, bytes and types are those that the format's own library reads."""
    from gguf import GGUFReader

    from explainer.models import path

    reader = GGUFReader(path("smollm2"))
    assert len(reader.tensors) == len(run["model"].tensors) == 272
    payload = sum(int(tensor.n_bytes) for tensor in reader.tensors)
    assert run["model"].tensor_bytes == payload == 96_576_768
    assert run["model"].header_bytes == path("smollm2").stat().st_size - payload
    assert run["model"].parameters == sum(int(t.n_elements) for t in reader.tensors)
    key = "tokenizer.ggml.tokens"
    assert run["tokens"] == len(reader.fields[key].data)
    spent = sum(len(reader.fields[key].parts[i]) + 8 for i in reader.fields[key].data)
    assert run["tokens_bytes"] == spent


def test_bits(run: dict[str, Any]) -> None:
    """Q4_1 spends 5 bits, Q8_0 8.5, and all together 5.744."""
    assert {row["type"]: row["bits"] for row in run["types"]} == {
        "Q4_1": 5.0,
        "Q8_0": 8.5,
        "F32": 32.0,
    }
    assert round(run["bits"], 3) == 5.744
    assert run["closed_form"] == run["tree"] == run["in_file"] == 134_515_008


def test_tensors_and_parts(run: dict[str, Any]) -> None:
    """Embedding, one layer of nine tensors and the last norm; the parts fill the file."""
    assert len(run["tensors"]) == 11
    assert sum(row["parameters"] for row in run["tensors"][1:10]) == 3_540_096
    assert sum(size for _, size in run["parts"]) == 98_362_432
