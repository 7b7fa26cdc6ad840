"""Checks of `snippets/distillation/softening.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "softening.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_probabilities_are_those_of_scipy(run: dict[str, Any]) -> None:
    """Plain and softened probabilities are SciPy's softmax in double precision."""
    logits = np.asarray(run["logits"], np.float64)
    plain, soft = ([row[key] for row in run["rows"]] for key in ("plain", "soft"))
    np.testing.assert_allclose(plain, softmax(logits), rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(soft, softmax(logits / run["widget"]["temperature"]), rtol=1e-4)


def test_curves_keep_the_order_of_the_logits(run: dict[str, Any]) -> None:
    """At every temperature the digits stand in the order of their logits and add up to one."""
    curves = np.asarray(run["curves"], np.float64)
    order = np.argsort(np.asarray(run["logits"]))
    assert np.all(np.diff(curves[4:, order], axis=1) >= 0)
    np.testing.assert_allclose(curves.sum(1), 1, rtol=1e-5)


def test_the_image_is_an_unseen_three(run: dict[str, Any]) -> None:
    """The image is one of scikit-learn's, shows a 3, and the runner-up is the 8."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    found = np.flatnonzero((images == 16 * np.asarray(run["image"]).ravel()).all(1))
    assert len(found) == 1
    assert labels[found[0]] == run["shown"] == 3
    assert run["rival"] == 8


def test_teacher_is_good(run: dict[str, Any]) -> None:
    """The teacher recognises what a network of its size does: 94 to 99.5 %."""
    assert 0.94 < run["teacher_accuracy"] < 0.995
