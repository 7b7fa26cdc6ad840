"""Checks of `snippets/learning/real_rates.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "real_rates.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_four_cases(run: dict[str, Any]) -> None:
    """Too small hardly moves, right learns, too large loses it, and far too large diverges."""
    small, right, large, diverging = run["rows"]
    assert small["last"] > 0.9 * small["first"]
    assert right["right"] > 0.9
    assert large["right"] < 0.3
    assert diverging["last"] > 2 * diverging["first"]
    assert np.isfinite(run["losses"]).all()


def test_right_rate_reaches_scikit_learn(run: dict[str, Any]) -> None:
    """With the right rate the network is within four points of logistic regression."""
    digits = run["digits"]
    model = LogisticRegression(max_iter=1000).fit(*map(np.asarray, digits.train))
    expected = model.score(*map(np.asarray, digits.test))
    assert run["rows"][1]["right"] == pytest.approx(expected, abs=0.04)


def test_all_rates_share_their_starts(run: dict[str, Any]) -> None:
    """Before the first step the loss is the same for every rate, seed by seed."""
    first = np.asarray(run["losses"])[:, :, 0]
    np.testing.assert_allclose(first, np.broadcast_to(first[0], first.shape), rtol=1e-5)


def test_optax_does_the_same(run: dict[str, Any]) -> None:
    """All 100 losses by hand and by optax agree to float32, while the loss falls far."""
    np.testing.assert_allclose(run["ready_made"], run["losses"][1, 0], atol=1e-4)
    assert run["losses"][1, 0, -1] < 0.2 * run["losses"][1, 0, 0]
