"""Checks of `snippets/distillation/divergence.py`."""

import math
import runpy
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import entropy

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "divergence.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_divergence_is_that_of_scipy(run: dict[str, Any]) -> None:
    """The sum by hand and optax, given logarithms, are SciPy's relative entropy."""
    expected = entropy([0.7, 0.2, 0.1], [0.6, 0.1, 0.3])
    assert run["distance"] == pytest.approx(expected, rel=1e-5)
    assert run["right"] == pytest.approx(expected, rel=1e-5)
    assert sum(run["terms"]) == pytest.approx(expected, rel=1e-5)


def test_directions_are_those_of_scipy(run: dict[str, Any]) -> None:
    """Both directions agree with SciPy for both students."""
    torn = [0.495, 0.495, 0.01]
    for row in run["rows"]:
        assert row["to"] == pytest.approx(entropy(torn, row["q"]), rel=1e-5)
        assert row["from"] == pytest.approx(entropy(row["q"], torn), rel=1e-5)


def test_without_logarithms_the_number_is_another(run: dict[str, Any]) -> None:
    """Probabilities in place of logarithms give sum p (log p - q): negative entropy less p·q."""
    p = (0.7, 0.2, 0.1)
    negative_entropy = sum(value * math.log(value) for value in p)
    assert run["wrong"] == pytest.approx(negative_entropy - (0.42 + 0.02 + 0.03), rel=1e-5)
    assert run["perfect"] == pytest.approx(negative_entropy - (0.49 + 0.04 + 0.01), rel=1e-5)
    assert run["certain"] == pytest.approx(negative_entropy - 0.7, rel=1e-5)
