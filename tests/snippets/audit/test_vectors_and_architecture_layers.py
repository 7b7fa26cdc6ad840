"""Checks of `snippets/audit/vectors_and_architecture_layers.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPETS = Path(__file__).parents[3] / "snippets" / "audit"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPETS / "vectors_and_architecture_layers.py"))


def test_hundred(run: dict[str, Any]) -> None:
    """A layer is 12D² + 13D with biases and norms, and the article's own formula 5.2 times R1."""
    assert run["layer"] == 12 * 8192**2 + 13 * 8192 == 805_412_864
    assert run["total"] == 80_541_286_400
    assert run["by_formula"] == 3_489_660_928_000
    assert round(run["by_formula"] / run["r1_total"], 1) == 5.2
    assert round(100 * (run["printed_total"] / run["total"] - 1), 1) == 7.9


def test_wider(run: dict[str, Any]) -> None:
    """R1 is narrower and shallower; a dense model would need 833 layers, or width 23,647."""
    assert (run["r1_width"], run["r1_layers"]) == (7168, 61)
    assert run["routed"] == 58 * 256 * 3 * 7168 * 2048 / 671_026_404_352
    assert round(run["deep"]) == 833
    assert round(run["wide"]) == 23_647
    assert 12 * 100 * run["wide"] ** 2 == pytest.approx(671_026_404_352)


def test_verdicts(run: dict[str, Any]) -> None:
    """Both claims contradict the count."""
    assert all(claim["typed"] != claim["true"] for claim in run["claims"])
    assert len(run["by_id"]) == len(run["claims"]) == 2
