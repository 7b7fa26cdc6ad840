"""Checks of `snippets/precision/stochastic.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "stochastic.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_chance_is_the_place_between(run: dict[str, Any]) -> None:
    """The neighbours are those of ml_dtypes; the share that went up is within 5 sigma."""
    code = int(np.array([0.1]).astype(ml_dtypes.float8_e5m2).view(np.uint8)[0])
    beside = np.array([code, code + 1], np.uint8).view(ml_dtypes.float8_e5m2).astype(float)
    assert [run["below"], run["above"]] == beside.tolist()
    share = (0.1 - beside[0]) / (beside[1] - beside[0])
    assert run["chance"] == pytest.approx(share)
    assert abs(run["went_up"] - share) < 5 * (share * (1 - share) / run["draws"]) ** 0.5
    assert run["mean"] == pytest.approx(run["drawn"].mean())
    assert run["nearest"] == beside[0]
