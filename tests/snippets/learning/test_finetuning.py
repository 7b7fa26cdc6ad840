"""Checks of `snippets/learning/finetuning.py`."""

import runpy
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "finetuning.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_trainable_parameters(run: dict[str, Any]) -> None:
    """The counts are those of 64-64-32-10 and of rank times the sum of both sides."""
    total = 64 * 64 + 64 + 64 * 32 + 32 + 32 * 10 + 10
    lora = 4 * (64 + 64 + 64 + 32 + 32 + 10)
    assert run["trainable"] == {"scratch": total, "top-layer": 330, "lora": lora, "full": total}


def test_turned_digits(run: dict[str, Any]) -> None:
    """Turning reverses the rows of each image and nothing else."""
    upright = np.asarray(run["digits"].x).reshape(-1, 8, 8)
    np.testing.assert_array_equal(np.asarray(run["turned"]).reshape(-1, 8, 8), upright[:, ::-1, :])


def test_rows_are_means_over_seeds(run: dict[str, Any]) -> None:
    """Each score is the mean of the seeds' accuracies, and above chance."""
    for row in run["rows"]:
        odd, turned = run["scores"][row["way"]]
        assert row["odd"] == pytest.approx(fmean(odd))
        assert row["turned"] == pytest.approx(fmean(turned))
        assert row["odd"] > 0.7
        assert row["turned"] > 0.4
