"""Checks of `snippets/tiny_gpt/components.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from explainer.checkpoints import read
from explainer.gpt.stored import PATH

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "components.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_answer_is_sorted(run: dict[str, Any]) -> None:
    """The model's answer is what Python's `sorted` says."""
    assert run["answer"] == "".join(sorted(run["letters"])) == "ABBBCC"


def test_rows_are_the_file(run: dict[str, Any]) -> None:
    """The table has each array of the stored file once, with its shape and count."""
    stored = {
        tensor.name.removeprefix("blocks.").replace(".", "/"): (
            " × ".join(map(str, tensor.shape)),
            tensor.parameters,
        )
        for tensor in read(PATH).tensors
    }
    assert {row["name"]: (row["shape"], row["parameters"]) for row in run["rows"]} == stored
    assert len(run["rows"]) == len(stored) == 16


def test_counts(run: dict[str, Any]) -> None:
    """Total, layer and components are those worked out on paper."""
    assert (run["total"], run["layer"]) == (85_584, 28_272)
    assert run["totals"] == {
        "token-embedding": 3 * 48,
        "position-embedding": 11 * 48,
        "normalization": 7 * 96,
        "attention": 3 * (144 * 49 + 48 * 49),
        "feed-forward": 3 * (192 * 49 + 48 * 193),
    }


def test_kinds(run: dict[str, Any]) -> None:
    """Biases and gains are told from weights: 1,632 biases, seven times 48 gains."""
    by_kind = {
        kind: sum(row["parameters"] for row in run["rows"] if row["kind"] == kind)
        for kind in ("weight", "bias", "gain")
    }
    assert by_kind["gain"] == 7 * 48
    assert by_kind["bias"] == 3 * (144 + 48 + 192 + 48 + 2 * 48) + 48 == 1_632
    assert sum(by_kind.values()) == 85_584
