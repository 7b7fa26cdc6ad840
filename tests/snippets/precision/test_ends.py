"""Checks of `snippets/precision/ends.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "ends.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_overflow_is_that_of_ml_dtypes(run: dict[str, Any]) -> None:
    """Ten times the largest becomes what ml_dtypes makes of it; saturated it is the largest."""
    names = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float4_e2m1fn")
    for row, name in zip(run["above"], names, strict=False):
        dtype = getattr(ml_dtypes, name, None) or getattr(np, name)
        with np.errstate(over="ignore"):
            wanted = float(np.array([10 * row["largest"]]).astype(dtype)[0])
        assert row["ten"] == str(wanted)
        assert row["saturated"] == row["largest"]
    assert run["above"][-1]["ten"] == "127.0"
    assert run["at_edge"] == ["448.0", "448.0", "nan"]
    # XLA clips a float; an integer keeps its low bits, as C and NumPy have it.
    assert run["integers"] == {"from a float": 127, "from an integer": 300 - 256}
    assert np.array(300).astype(np.int8) == 300 - 256
    assert run["libraries"] == {"numpy": "nan", "jax": "nan"}


def test_halvings(run: dict[str, Any]) -> None:
    """One is halved in the dtype itself until it is zero."""
    names = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float4_e2m1fn")
    for row, name in zip(run["below"], names, strict=True):
        dtype: Any = getattr(ml_dtypes, name, None) or getattr(np, name)
        powers = (2.0 ** -np.arange(0, 200)).astype(dtype).astype(float)
        assert row["halvings"] == np.count_nonzero(powers) - 1
        info: Any = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
        assert row["plain"] == -np.log2(float(info.smallest_normal))
