"""Checks of `snippets/parameters/checkpoint_of_r1.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "checkpoint_of_r1.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_elements(run: dict[str, Any]) -> None:
    """Stored elements by type are those of the Hub's metadata, to the last one."""
    assert run["in_fp8"] == 680_571_043_840
    assert run["kept"] == 3_918_786_560
    assert run["scales"] + run["buffers"] == 41_555_600
    assert run["elements"] == 684_531_386_000


def test_prediction_layer(run: dict[str, Any]) -> None:
    """The layer is an expert layer, the matrix that joins two vectors, and three norms."""
    assert run["module"] == 11_507_286_016 + 102_760_448 + 21_504
    assert run["copies"] == 2 * 129_280 * 7_168
    assert run["weights_bytes"] == 688_574_839_360
