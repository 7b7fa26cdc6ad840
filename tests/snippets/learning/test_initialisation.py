"""Checks of `snippets/learning/initialisation.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "initialisation.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_gpt_counts(run: dict[str, Any]) -> None:
    """GPT-2 has 102,144 biases and 19,200 gains, and weights for the rest of 124,439,808."""
    assert (run["biases"], run["gains"]) == (102_144, 19_200)
    assert run["gpt"].kinds["weights"] == 124_439_808 - 102_144 - 19_200


def test_adding_weights(run: dict[str, Any]) -> None:
    """The output matrices of 24 residual layers: 2,949,120 weights a block, divided by √24."""
    assert run["adding"] == 12 * 2_949_120
    assert run["narrower"] == pytest.approx(0.00408, abs=1e-5)


def test_gpt_spread(run: dict[str, Any]) -> None:
    """The drawn weights have mean 0 and deviation 0.02, within four standard errors."""
    n = 768 * 768
    assert abs(run["mean"]) < 4 * 0.02 / n**0.5
    assert run["deviation"] == pytest.approx(0.02, abs=4 * 0.02 / (2 * n) ** 0.5)


def test_gpt_bars_are_the_bell(run: dict[str, Any]) -> None:
    """Each bar holds the share that the normal distribution function gives it."""
    from scipy.stats import norm

    expected = np.diff(norm.cdf(np.asarray(run["edges"], np.float64), scale=0.02))
    np.testing.assert_allclose(run["gpt_share"], expected, atol=0.002)


def test_linear_stays_in_its_bounds(run: dict[str, Any]) -> None:
    """Weights and biases of Linear reach for ±1/√100 and never pass it."""
    assert run["bound"] == pytest.approx(0.1)
    for low, high in (run["weight_ends"], run["bias_ends"]):
        assert -0.1 <= low < -0.09
        assert 0.09 < high <= 0.1
