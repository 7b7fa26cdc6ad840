"""Checks of `snippets/quantization/minilm_ladder.py`, on one width of integers.

The whole ladder takes half a minute of one core; every rung goes through the same lines.
"""

import json
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "minilm_ladder.py"
# Quantized by NumPy, run by PyTorch, ranked by SciPy; versions stand in its entry `source`.
REFERENCE = Path(__file__).parents[2] / "data" / "minilm_ladder.json"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once, with four bits for its six widths."""
    text = SNIPPET.read_text(encoding="utf-8")
    widths = "widths = [8, 6, 5, 4, 3, 2]"
    assert text.count(widths) == 1
    names: dict[str, Any] = {}
    exec(compile(text.replace(widths, "widths = [4]"), str(SNIPPET), "exec"), names)
    return names


def test_casts_and_four_bits_are_pytorchs(run: dict[str, Any]) -> None:
    """Bytes, cosines, drift, Spearman and partners found agree with the independent run."""
    stored = json.loads(REFERENCE.read_text(encoding="utf-8"))["rows"]
    wanted = {(row["kind"], row["bits"]): row for row in stored}
    found = {
        ("cast", 16): run["casts"][1],
        ("cast", 8): run["casts"][3],
        ("group", 4): run["groups"][0],
        ("row", 4): run["by_rows"][0],
    }
    for key, row in found.items():
        for field in ("self_cosine", "worst_cosine", "drift", "largest_drift"):
            assert row[field] == pytest.approx(wanted[key][field], abs=2e-4), (key, field)
        assert row["spearman"] == pytest.approx(wanted[key]["spearman"], abs=1e-3)
        assert row["bytes"] == pytest.approx(wanted[key]["bytes"], abs=1)
        assert row["partners"] == wanted[key]["partners"]


def test_fp32_is_the_model_itself(run: dict[str, Any]) -> None:
    """Nothing changed is nothing lost, in four bytes a parameter."""
    row = run["casts"][0]
    assert row["bytes"] == 4 * run["parameters"] == 90_852_864
    assert row["error"] == 0
    assert row["self_cosine"] == pytest.approx(1, abs=1e-6)
    assert row["spearman"] == pytest.approx(1, abs=1e-6)


def test_bits_are_counted_with_their_scales(run: dict[str, Any]) -> None:
    """Four bits and half a bit of scale in groups of 32; per row hardly more than four."""
    assert run["groups"][0]["bits"] == 4.5
    assert 4 < run["by_rows"][0]["bits"] < 4.05
