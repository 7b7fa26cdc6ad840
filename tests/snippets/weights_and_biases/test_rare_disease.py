"""Checks of `snippets/weights_and_biases/rare_disease.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special, stats
from sklearn import linear_model

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "rare_disease.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_bias_is_the_logit(run: dict[str, Any]) -> None:
    """The biases are the logits of SciPy: -4.5951 at 1 %, -6.9068 at 0.1 %."""
    found = [row["bias"] for row in run["rows"]]
    np.testing.assert_allclose(found, special.logit([0.5, 0.1, 0.01, 0.001]), atol=1e-12)
    np.testing.assert_allclose(found[2:], [-4.5951, -6.9068], atol=5e-5)


def test_scikit_learn_finds_the_same(run: dict[str, Any]) -> None:
    """An unpenalised logistic regression on one empty feature learns the same intercept."""
    labels = np.arange(10_000) < 100
    model = linear_model.LogisticRegression(C=np.inf, tol=1e-10)
    model.fit(np.zeros((10_000, 1)), labels)
    assert model.intercept_[0] == pytest.approx(run["learned"], abs=1e-3)


def test_losses(run: dict[str, Any]) -> None:
    """The preset bias starts with the entropy of the disease, zero starts with ln 2."""
    assert run["from_zero"] == pytest.approx(np.log(2))
    assert run["preset"] == pytest.approx(stats.entropy([0.01, 0.99]))
    assert run["floor"] == pytest.approx(run["preset"], abs=1e-8)
