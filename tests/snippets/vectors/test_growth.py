"""Checks of `snippets/vectors/growth.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "growth.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_vectors_are_seven_a_token(run: dict[str, Any]) -> None:
    """Six layers leave seven vectors of 384 numbers for each token; parameters do not move."""
    assert [row["tokens"] for row in run["rows"]] == [2**power for power in range(10)]
    for row in run["rows"]:
        assert row["vectors"] == 7 * row["tokens"]
        assert row["numbers"] == 7 * 384 * row["tokens"]
        assert row["parameters"] == 22_713_216


def test_shapes_of_parameters_are_in_the_file(run: dict[str, Any]) -> None:
    """What is called a parameter has the shapes that the safetensors library reads."""
    from safetensors import safe_open

    from explainer.models import path

    names = {
        "token-embedding": "embeddings.word_embeddings.weight",
        "position-embedding": "embeddings.position_embeddings.weight",
        "query-matrices": "encoder.layer.0.attention.self.query.weight",
        "query-biases": "encoder.layer.0.attention.self.query.bias",
    }
    rows = {row["name"]: row for row in run["inventory"]}
    assert {name for name, row in rows.items() if row["kind"] == "parameter"} == set(names)
    with safe_open(path("minilm"), "np") as file:
        for name, tensor in names.items():
            shape = file.get_slice(tensor).get_shape()
            size = shape[0] * (shape[1] if len(shape) > 1 else 1)
            assert rows[name]["numbers"] == size * (6 if name.startswith("query") else 1)


def test_sizes_of_vectors(run: dict[str, Any]) -> None:
    """Ten tokens, twelve heads, six layers, multiplied by hand."""
    sizes = {row["name"]: row["numbers"] for row in run["inventory"] if row["kind"] != "parameter"}
    assert sizes == {
        "picked-rows": 3_840,
        "query-vectors": 23_040,
        "attention-weights": 7_200,
        "last-vectors": 3_840,
        "sentence-vector": 384,
    }
