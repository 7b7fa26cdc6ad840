"""Checks of `snippets/audit/vectors_and_architecture_attention.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPETS = Path(__file__).parents[3] / "snippets" / "audit"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPETS / "vectors_and_architecture_attention.py"))


def test_attention(run: dict[str, Any]) -> None:
    """Four square matrices, whatever the heads; NumPy's arrays without memory agree."""
    one = np.broadcast_to(np.int8(0), (3, 128, 8192, 64)).size
    assert run["attention"] == one + 8192 * 8192 == 268_435_456


def test_formula(run: dict[str, Any]) -> None:
    """The printed formula gives 34,359,738,368, too large by the number of heads."""
    assert run["formula"] == 34_359_738_368
    assert run["formula"] / run["attention"] == 128
    assert round(run["formula"] / run["printed_attention"], 1) == 102.6
    assert round(100 * (run["printed_attention"] / run["attention"] - 1), 1) == 24.8


def test_feed_forward(run: dict[str, Any]) -> None:
    """8D² is 536,870,912; Llama-2-7B's three matrices are 135,266,304, 8.0625 D²."""
    assert run["feed_forward"] == 536_870_912
    assert run["llama_squares"] * 4096**2 == 3 * 4096 * 11_008 == 135_266_304


def test_biases(run: dict[str, Any]) -> None:
    """GPT-2 has 102,144 biases among 124,439,808 parameters."""
    assert run["bias_share"] == pytest.approx(102_144 / 124_439_808, rel=1e-12)


def test_verdicts(run: dict[str, Any]) -> None:
    """A claim is called right only where what is said equals what is computed."""
    for claim in run["claims"]:
        if claim["verdict"] == "wrong":
            assert claim["typed"] != claim["true"]
    assert run["by_id"]["head-shapes"]["typed"] == run["by_id"]["head-shapes"]["true"]
    assert len(run["by_id"]) == len(run["claims"]) == 5
