"""Checks of `snippets/distillation/written.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

SNIPPET = Path(__file__).parents[3] / "snippets" / "distillation" / "written.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_text_follows_the_teacher(run: dict[str, Any]) -> None:
    """Counted in NumPy, each letter is followed as often as the teacher says, within 0.08."""
    counts = np.zeros((4, 4))
    for text in np.asarray(run["_texts"]):
        np.add.at(counts, (text[:-1], text[1:]), 1)
    shares = counts / counts.sum(1, keepdims=True)
    assert np.abs(shares - softmax(np.asarray(run["teacher"]), axis=1)).max() < 0.08


def test_student_ends_at_the_counted_frequencies(run: dict[str, Any]) -> None:
    """At the full length the distance is that of the plain frequencies of the text."""
    p = softmax(np.asarray(run["teacher"], np.float64), axis=1)
    expected = []
    for text in np.asarray(run["_texts"]):
        counts = np.zeros((4, 4))
        np.add.at(counts, (text[:-1], text[1:]), 1)
        q = counts / counts.sum(1, keepdims=True)
        expected.append((p * np.log(p / q)).sum(1).mean())
    assert run["rows"][-1]["mean"] == pytest.approx(np.mean(expected), abs=2e-3)
