"""Checks of `snippets/precision/other_specials.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "other_specials.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_ml_dtypes_has_this_format(run: dict[str, Any]) -> None:
    """E4M3 with IEEE's special values exists in ml_dtypes, and ends where ours does."""
    info: Any = ml_dtypes.finfo(ml_dtypes.float8_e4m3)  # type: ignore[no-untyped-call]
    assert run["largest"] == {"fn": 448, "ieee": float(info.max)}
    every = [
        np.arange(128, dtype=np.uint8).view(getattr(ml_dtypes, name)).astype(float)
        for name in ("float8_e4m3fn", "float8_e4m3")
    ]
    finite = [int(np.isfinite(values).sum()) for values in every]
    assert run["codes"] == finite[0] - finite[1]
