"""Checks of `snippets/parameters/written.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "written.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_file(run: dict[str, Any]) -> None:
    """The format's own library finds the line in the bytes, and the header adds up."""
    from safetensors.numpy import load

    found = load(run["content"])
    assert (float(found["slope"][0]), float(found["intercept"][0])) == (2.0, -1.0)
    assert len(run["content"]) == 8 + run["length"] + 2 * 4
    assert sorted(run["payload"].tolist()) == [-1.0, 2.0]


def test_shares(run: dict[str, Any]) -> None:
    """Shares are parameter bytes over the sizes on disk."""
    from explainer.models import path

    line, minilm, smollm2 = run["rows"]
    assert line["share"] == 8 / len(run["content"])
    assert minilm["parameters"] == 22_713_216
    assert minilm["share"] == 4 * 22_713_216 / path("minilm").stat().st_size
    assert smollm2["share"] == 96_576_768 / 98_362_432
