"""Checks of `snippets/precision/stored_weights.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "stored_weights.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


DTYPES = {
    "FP16": np.float16, "BF16": ml_dtypes.bfloat16, "FP8 E4M3": ml_dtypes.float8_e4m3fn,
    "FP8 E5M2": ml_dtypes.float8_e5m2, "FP6 E3M2": ml_dtypes.float6_e3m2fn,
    "FP6 E2M3": ml_dtypes.float6_e2m3fn, "FP4 E2M1": ml_dtypes.float4_e2m1fn,
}  # fmt: skip


def accuracies(run: dict[str, Any], dtype: Any) -> np.ndarray:
    """Return the accuracy of each seed, by a forward pass in NumPy, weights cast by ml_dtypes."""

    def cast(leaf: Any) -> np.ndarray:
        return np.asarray(leaf).astype(dtype).astype(np.float64)

    x, labels = np.asarray(run["_test"].x, np.float64), np.asarray(run["_test"].labels)
    first, second = run["_params"]
    hidden = np.einsum("sni,soi->sno", x, cast(first.weight)) + cast(first.bias)[:, None]
    logits = np.einsum("sni,soi->sno", np.maximum(hidden, 0), cast(second.weight))
    found: np.ndarray = ((logits + cast(second.bias)[:, None]).argmax(-1) == labels).mean(1)
    return found


def test_accuracies_are_those_of_numpy_and_ml_dtypes(run: dict[str, Any]) -> None:
    """Each mean, change and spread is what NumPy finds, within two images of a seed."""
    full = accuracies(run, np.float32)
    one = 2 / run["num_test"]
    for label, dtype in DTYPES.items():
        found, row = accuracies(run, dtype), run["by_name"][label]
        assert row["accuracy"] == pytest.approx(found.mean(), abs=one)
        change = 100 * (found - full)
        assert row["change"] == pytest.approx(change.mean(), abs=100 * one)
        assert row["spread"] == pytest.approx(change.std(ddof=1), abs=100 * one)


def test_most_weights_are_below_a_half(run: dict[str, Any]) -> None:
    """NumPy counts the same share."""
    sizes = np.concatenate(
        [np.abs(np.asarray(leaf)).ravel() for layer in run["_params"] for leaf in layer]
    )
    assert run["below_half"] == pytest.approx((sizes < 0.5).mean(), abs=1e-6)
    assert run["largest"] == pytest.approx(sizes.max())
