"""Checks of `snippets/weights_and_biases/with_and_without.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "with_and_without.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_disc_needs_biases(run: dict[str, Any]) -> None:
    """With biases every seed is nearly perfect; without, none beats the best function of angle."""
    assert min(run["rows"][0]["all"]) > 0.95
    # A network of that kind answers by direction alone: in the corners points lie outside more
    # often, so the best such function is right a little more often than half.
    x, labels = (np.asarray(part) for part in run["disc_data"].test)
    angle = np.arctan2(x[:, 1], x[:, 0])
    tree = DecisionTreeClassifier(min_samples_leaf=5).fit(angle[:, None], labels)
    assert max(run["rows"][1]["all"]) < tree.score(angle[:, None], labels)


def test_digits_do_not_show_it(run: dict[str, Any]) -> None:
    """On digits both kinds reach what logistic regression reaches, within three points."""
    data = run["digits_data"]
    model = LogisticRegression(max_iter=1000).fit(*map(np.asarray, data.train))
    expected = model.score(*map(np.asarray, data.test))
    for row in run["rows"][2:]:
        assert abs(row["mean"] - expected) < 0.03


def test_summary(run: dict[str, Any]) -> None:
    """Means, spreads and paired gain are those of NumPy."""
    for row in run["rows"]:
        assert row["mean"] == pytest.approx(np.mean(row["all"]), abs=1e-6)
        assert row["spread"] == pytest.approx(np.std(row["all"], ddof=1), abs=1e-6)
    gains = np.subtract(run["rows"][2]["all"], run["rows"][3]["all"])
    assert run["gain"] == pytest.approx(gains.mean(), abs=1e-6)
