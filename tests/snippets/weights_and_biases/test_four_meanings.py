"""Checks of `snippets/weights_and_biases/four_meanings.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "four_meanings.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_parameter(run: dict[str, Any]) -> None:
    """All three inputs on and a bias of -5 leave 6."""
    assert run["output"] == 6


def test_exponent_bias(run: dict[str, Any]) -> None:
    """FP32 stores exponents with the IEEE 754 bias of 127."""
    assert run["exponent_bias"] == 127
    assert math.frexp(6.5) == (0.8125, run["true_exponent"] + 1)


def test_zero_point(run: dict[str, Any]) -> None:
    """Zero maps to 64 of 0 to 255 and reads back exactly; one reads back within half a step."""
    assert run["zero_point"] == round(0.5 / 2 * 255)
    assert abs(run["back"] - 1) <= run["scale"] / 2


def test_statistical_bias(run: dict[str, Any]) -> None:
    """Dividing by n gives (n - 1) / n of the variance on average, within five standard errors."""
    error = math.sqrt(2 / 4 / 100_000)
    assert run["corrected"] == pytest.approx(1, abs=5 * error)
    assert run["naive"] == pytest.approx(0.8, abs=5 * error)
    assert run["statistical_bias"] == run["naive"] - 1
