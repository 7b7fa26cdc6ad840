"""Checks of `snippets/quantization/ten_numbers.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "ten_numbers.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.mark.parametrize(("bits", "codes"), [(8, "codes8"), (4, "codes4")])
def test_codes_are_numpys(run: dict[str, Any], bits: int, codes: str) -> None:
    """The codes are NumPy's rounding of the weights over the scale."""
    weights = np.array(run["weights"])
    scale = np.abs(weights).max() / (2 ** (bits - 1) - 1)
    assert np.rint(weights / scale).tolist() == run[codes]
    assert run["agrees"]


def test_no_error_is_above_half_a_step(run: dict[str, Any]) -> None:
    """Each restored weight lies on the grid, at most half a step from where it was."""
    for row in run["rows"]:
        assert abs(row["weight"] - row["back4"]) <= run["step4"] / 2
        assert abs(row["weight"] - row["back8"]) <= run["step8"] / 2
        assert min(abs(row["back4"] - line) for line in run["grid"]) < 1e-12
