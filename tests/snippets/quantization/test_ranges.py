"""Checks of `snippets/quantization/ranges.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "ranges.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_ranges_are_those_of_the_types(run: dict[str, Any]) -> None:
    """Signed and unsigned ranges are those that NumPy and ml_dtypes state."""
    import ml_dtypes

    types = {
        8: (np.int8, np.uint8),
        4: (ml_dtypes.int4, ml_dtypes.uint4),
        2: (ml_dtypes.int2, ml_dtypes.uint2),
    }
    for row in run["rows"]:
        if row["bits"] in types:
            signed, unsigned = map(ml_dtypes.iinfo, types[row["bits"]])
            assert row["signed"] == f"−{-signed.min} … {signed.max}"
            assert row["symmetric"] == f"−{-signed.min - 1} … {signed.max}"
            assert row["unsigned"] == f"{unsigned.min} … {unsigned.max}"
            assert row["codes"] == int(unsigned.max) + 1


def test_wrapping_is_modulo_two_to_the_eighth(run: dict[str, Any]) -> None:
    """300 wraps to 300 - 256 and saturates to 127."""
    assert run["wrapped"] == 300 - 256
    assert run["saturated"] == 127
