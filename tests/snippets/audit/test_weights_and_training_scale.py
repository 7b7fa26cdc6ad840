"""Checks of `snippets/audit/weights_and_training_scale.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import pytest
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "weights_and_training_scale.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_decades(run: dict[str, Any]) -> None:
    """Two equal gains of 7.24 % make 15 %; Kaplan takes 16.05 %, Chinchilla less and less."""
    assert (1 + run["each"]) ** 2 == pytest.approx(1.15)
    assert run["kaplan"] == pytest.approx([1 - 10**-0.076] * 3)
    assert [round(100 * share, 2) for share in run["hoffmann"]] == [9.40, 4.74, 2.28]


def test_starved(run: dict[str, Any]) -> None:
    """By the printed constants both losses are equal at that many tokens."""
    few = 1.69 + 406.4 / 1e12**0.34 + 410.7 / run["tokens"] ** 0.28
    assert few == pytest.approx(1.69 + 406.4 / 1e9**0.34 + 410.7 / 20e9**0.28)
    assert round(run["tokens"] / 1e9, 3) == 3.756


def test_effects(run: dict[str, Any]) -> None:
    """Close to exp(-n / 10,000), and 0.990, 0.905, 0.368."""
    assert [round(share, 3) for share in run["left"].values()] == [0.990, 0.905, 0.368]
    assert run["left"][10_000] == pytest.approx(math.exp(-1), rel=1e-4)


def test_blocks(run: dict[str, Any]) -> None:
    """The gguf package gives 34 and 18 bytes for 32 weights."""
    for name in ("Q8_0", "Q4_0"):
        weights, size = GGML_QUANT_SIZES[GGMLQuantizationType[name]]
        assert run["bits"][name] == 8 * size / weights
        assert run["smaller"][name]["FP32"] == pytest.approx(4 * weights / size)
        assert run["smaller"][name]["BF16"] == pytest.approx(2 * weights / size)


def test_qwen(run: dict[str, Any]) -> None:
    """The losses are the differences of the published scores, MMLU to HumanEval."""
    scores = ([55.8, 59.7, 50.3, 37.2], [55.4, 59.4, 48.3, 34.8])
    assert run["lost"]["int8"] == [round(a - b, 1) for a, b in zip(*scores, strict=True)]
    assert run["lost"]["int4"] == [0.7, 0.5, 0.6, 7.3]
    assert run["within"] == {"int8": 1, "int4": 0}


def test_verdicts(run: dict[str, Any]) -> None:
    """Each of the six claims has one record."""
    assert len(run["by_id"]) == len(run["claims"]) == 6
