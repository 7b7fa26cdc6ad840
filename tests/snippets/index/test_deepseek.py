"""Checks of `snippets/index/deepseek.py`."""

import runpy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "index" / "deepseek.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_parts(run: dict[str, Any]) -> None:
    """Parts are those that transformers counts for DeepSeek-V3 on the meta device."""
    assert {row["part"]: row["parameters"] for row in run["parts"]} == {
        "routed-experts": 653_908_770_816,
        "attention": 11_413_422_080,
        "shared-experts": 2_554_331_136,
        "dense-feed-forward": 1_189_085_184,
        "token-embedding": 926_679_040,
        "output-head": 926_679_040,
        "router": 106_430_464,
        "normalization": 1_006_592,
    }


def test_total_and_active(run: dict[str, Any]) -> None:
    """The total is the published checkpoint's less its buffers; active counts both embeddings."""
    assert run["total"] == 671_026_404_352 == 671_026_419_200 - 58 * 256
    assert run["active"] == run["model"].active == 37_552_282_624
    assert run["model"].active_without_input_embedding == 36_625_603_584
    assert run["model"].active_without_embedding_and_head == 35_698_924_544


def test_shares_and_sheets(run: dict[str, Any]) -> None:
    """Shares sum to one, and the sheets are the exact quotient by 2³⁴ cells."""
    assert sum(row["share"] for row in run["parts"]) == pytest.approx(1)
    assert run["sheets"] == float(Fraction(671_026_404_352, 2**34))
