"""Checks of `snippets/learning/playground_features.py`."""

import runpy
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "playground_features.py"


def test_agrees_with_sklearn() -> None:
    """Plain and squared inputs score what scikit-learn's logistic regression scores."""
    run = runpy.run_path(str(SNIPPET))
    x, inside = run["x"], run["inside"]
    for name, features in (("plain", x), ("squared", x**2)):
        fitted = LogisticRegression(C=1e6).fit(features[:150], inside[:150])
        expected = fitted.score(features[150:], inside[150:])
        assert run["accuracies"][name] == pytest.approx(expected, abs=0.02)
