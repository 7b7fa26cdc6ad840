"""Checks of `snippets/quantization/outlier.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "outlier.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_it_is_the_largest(run: dict[str, Any]) -> None:
    """The outlier and the next are what NumPy sorts last in the file as safetensors reads it."""
    from safetensors import safe_open

    from explainer.models import path

    with safe_open(path("minilm"), "np") as file:
        weight = file.get_tensor("encoder.layer.0.output.dense.weight")
    assert np.sort(np.abs(weight).ravel())[-2:].tolist() == [run["second"], run["outlier"]]
    assert weight[run["row"], run["column"]] == run["outlier"]
    assert run["to_zero"] == pytest.approx(
        (np.abs(weight) <= run["outlier"] / 127 / 2).mean(), abs=1e-5
    )


def test_other_matrices_are_milder(run: dict[str, Any]) -> None:
    """Of all matrices of the layers, read by safetensors, none has a weight as far out."""
    from safetensors import safe_open

    from explainer.models import path

    found = []
    with safe_open(path("minilm"), "np") as file:
        for name in file.keys():
            matrix = file.get_tensor(name)
            if "encoder.layer" in name and matrix.ndim == 2:
                found.append(np.abs(matrix).max() / matrix.std())
    assert sorted(run["reach"].values()) == pytest.approx(sorted(found), rel=1e-4)
    assert run["typical"] == pytest.approx(np.median(found), rel=1e-4)
    assert max(found) == pytest.approx(run["outlier"] / run["spread"], rel=1e-4)


def test_the_cost_stays_with_those_who_share_the_scale(run: dict[str, Any]) -> None:
    """The finer the granularity, the less the outlier costs the others; errors are NumPy's."""
    costs = [row["with"] / row["without"] for row in run["rows"]]
    assert costs == sorted(costs, reverse=True)
    weight = run["_W"].astype(np.float64)
    scale = np.abs(weight).max() / 127
    others = np.abs(weight) < np.abs(weight).max()
    error = np.linalg.norm((np.rint(weight / scale) * scale - weight)[others])
    assert run["rows"][0]["with"] == pytest.approx(error / np.linalg.norm(weight[others]), rel=1e-3)
