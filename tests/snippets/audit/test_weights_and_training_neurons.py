"""Checks of `snippets/audit/weights_and_training_neurons.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from scipy.special import expit, logit

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "weights_and_training_neurons.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_digits(run: dict[str, Any]) -> None:
    """R1's count has twelve digits, the rumoured one thirteen."""
    assert 10**11 <= 671_026_404_352 < 10**12
    assert run["lengths"] == {"R1": 12, "said of GPT-4": 13}


def test_weights(run: dict[str, Any]) -> None:
    """Half of 23 is 11.5, six tenths of a tenth are 0.06: 192 times."""
    assert run["moved"] == pytest.approx({"warmth": 11.5, "rain": 0.06})
    assert round(run["ratio"]) == 192


def test_picnic(run: dict[str, Any]) -> None:
    """SciPy's sigmoid gives 0.5498 for the sum 0.2, and its inverse needs ln 1.5."""
    assert run["score"] == pytest.approx(expit(0.7 + 0.5 + 0.2 - 0.6 - 0.2 - 0.4))
    assert round(run["score"], 4) == 0.5498
    assert run["needed"] == pytest.approx(logit(0.6))


def test_base(run: dict[str, Any]) -> None:
    """Zeros leave the bias, and 0.21 is above the 0.205465 that a yes needs."""
    assert run["nothing"] == 0.21 > logit(0.6) - 0.2
    assert run["biased"] == pytest.approx(expit(0.41))


def test_without(run: dict[str, Any]) -> None:
    """Their configurations switch biases off: none in three models."""
    assert list(run["without"].values()) == [0, 0, 0]


def test_rare(run: dict[str, Any]) -> None:
    """SciPy's logit gives the same biases, and the sigmoid leads back."""
    for n, b in (run["preset"] | {2000: run["answer"]}).items():
        assert b == pytest.approx(logit(1 / n))
        assert expit(b) == pytest.approx(1 / n)


def test_verdicts(run: dict[str, Any]) -> None:
    """Each of the seven claims has one record."""
    assert len(run["by_id"]) == len(run["claims"]) == 7
