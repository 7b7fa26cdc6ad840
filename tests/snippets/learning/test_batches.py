"""Checks of `snippets/learning/batches.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "batches.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def _gradient(run: dict[str, Any], first: int, last: int) -> np.ndarray:
    """Return the closed form 2 X'(Xw - y) / n in double precision."""
    x, y = (np.asarray(run[name], np.float64)[first:last] for name in "xy")
    result: np.ndarray = -2 * x.T @ y / len(x)  # w is zero
    return result


def test_noise_falls_with_the_root(run: dict[str, Any]) -> None:
    """The error is the deviation of one example's gradient over the root of the batch size."""
    x, y = (np.asarray(run[name], np.float64) for name in "xy")
    each = -2 * x * y[:, None]
    one = np.sqrt(each.var(0).sum()) / np.linalg.norm(each.mean(0))
    for row in run["rows"]:
        assert row["noise"] == pytest.approx(one / row["batch_size"] ** 0.5, rel=0.15)


def test_unequal_chunks(run: dict[str, Any]) -> None:
    """The error of the plain mean is that of the closed form."""
    whole = _gradient(run, 0, 64)
    naive = (_gradient(run, 0, 8) + _gradient(run, 8, 64)) / 2
    expected = np.linalg.norm(naive - whole) / np.linalg.norm(whole)
    assert run["naive_error"] == pytest.approx(expected, rel=1e-4)
    assert run["equal_error"] < 1e-5 > run["right_error"]


def test_memory(run: dict[str, Any]) -> None:
    """Sixteen bytes for each of the published counts."""
    assert run["states_bytes"] == {"gpt2": 16 * 124_439_808, "llama-2-7b": 16 * 6_738_415_616}
