"""Checks of `snippets/precision/master_weights.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "master_weights.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_bf16_alone_lags_behind(run: dict[str, Any]) -> None:
    """As published, BF16 weights alone end higher, and stochastic rounding mends that.

    Zamirai et al. 2021, Revisiting BFloat16 Training: nearest rounding cancels small updates, and
    stochastic rounding restores the result of 32 bits.
    """
    rows = run["by_way"]
    full, lone, chance = (rows[f"{way}-weights"] for way in ("single", "brain", "stochastic"))
    assert lone["loss"] > full["loss"] + 2 * max(full["loss_spread"], lone["loss_spread"])
    assert abs(chance["loss"] - full["loss"]) < full["loss_spread"]


def test_master_weights_in_fp32_mend_it_too(run: dict[str, Any]) -> None:
    """As published, computing in 16 bits loses nothing if an FP32 copy takes the updates.

    Micikevicius et al. 2018, Mixed Precision Training, section 3.1.
    """
    full, mixed = (run["by_way"][f"{way}-weights"] for way in ("single", "mixed"))
    assert abs(mixed["loss"] - full["loss"]) < full["loss_spread"]
    assert mixed["loss"] != full["loss"]  # it did compute in another format


def test_small_updates_vanish_in_ml_dtypes_too(run: dict[str, Any]) -> None:
    """An update below half a step leaves a BF16 weight as it is."""
    weight, update = ml_dtypes.bfloat16(0.1), 0.0002
    assert ml_dtypes.bfloat16(float(weight) - update) == weight
    assert run["num_seeds"] == 5
