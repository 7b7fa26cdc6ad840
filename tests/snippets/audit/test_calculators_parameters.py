"""Checks of `snippets/audit/calculators_parameters.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "calculators_parameters.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_accelerate(run: dict[str, Any]) -> None:
    """It loses the head: 7,504,924,672 of Llama-3.1-8B's 8,030,261,248, as the tool itself said."""
    assert run["accelerate"](run["llama8"]) == 7_504_924_672
    assert run["head"] == 128_256 * 4096
    assert round(100 * run["errors"]["llama-3.1-8b"]["accelerate"], 1) == -6.5


def test_cookbook(run: dict[str, Any]) -> None:
    """GPT-2 comes out 0.04 percent short, and a context of 131,072 adds 1.5 percent to 70B."""
    assert round(100 * run["errors"]["gpt2"]["cookbook"], 2) == -0.04
    sizes = (*run["shape"]("llama-3.1-70b")[:-1], 131_072)
    assert round(100 * (run["cookbook"](*sizes) / 70_553_706_496 - 1), 1) == 1.5
    lacking = 102_144 - (12 * 4 * 768 // 2 + 768)  # biases but those of the norms
    said = run["cookbook"](*run["shape"]("gpt2"))
    assert said == 124_439_808 - lacking + 12 * 4 * 768  # and each norm twice


def test_llm_analysis(run: dict[str, Any]) -> None:
    """GPT-2 lacks positions and biases; Qwen3-4B's narrow heads cost 8.8 percent."""
    assert round(100 * run["errors"]["gpt2"]["llm_analysis"], 1) == -0.7
    said = run["llm_analysis"](*run["shape"]("qwen3-4b"))
    assert round(100 * (said / 4_022_468_096 - 1), 1) == -8.8


def test_gpu_poor(run: dict[str, Any]) -> None:
    """Four known errors: 70B, 8B, Qwen2.5-0.5B and Mixtral."""
    found = {name: round(100 * row["gpu_poor"], 1) for name, row in run["errors"].items()}
    assert found["llama-2-70b"] == 13.6
    assert found["llama-3.1-8b"] == 10.0
    assert found["qwen2.5-0.5b"] == 34.2
    assert round(found["mixtral-8x7b"]) == -83
    assert run["too_wide"] == 80 * 2 * 8192 * (8192 - 1024)
    assert run["no_norms"] == (2 * 80 + 1) * 8192


def test_as_the_tools_say(run: dict[str, Any]) -> None:
    """The restated formulas give the integers that the tools' own functions returned.

    The cookbook's `calc_params` and llm-analysis's `get_num_params_total` were run in Python, and
    gpu_poor's `computeModelSize` in Node.js, each from the commit that the page names.
    """
    returned = {
        ("cookbook", "gpt2"): 124_393_728,
        ("cookbook", "qwen3-0.6b"): 510_232_576,
        ("cookbook", "llama-3.1-8b"): 8_039_440_384,
        ("cookbook", "mixtral-8x7b"): 46_711_971_840,
        ("llm_analysis", "gpt2"): 123_551_232,
        ("llm_analysis", "qwen3-0.6b"): 507_962_368,
        ("llm_analysis", "llama-3.1-8b"): 7_504_924_672,
        ("llm_analysis", "mixtral-8x7b"): 46_571_720_704,
        ("gpu_poor", "llama-2-70b"): 78_370_570_240,
    }
    said = {(tool, name): run[tool](*run["shape"](name)) for tool, name in returned}
    assert said == returned
