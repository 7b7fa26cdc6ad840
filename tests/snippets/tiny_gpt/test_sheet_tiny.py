"""Checks of `snippets/tiny_gpt/sheet_tiny.py`."""

import hashlib
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "sheet_tiny.py"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the snippet once for all checks, in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("tiny"))
        return runpy.run_path(str(SNIPPET))


def test_download_is_the_file(run: dict[str, Any]) -> None:
    """What readers take home has the digest that is shown."""
    content = run["downloads"]["tiny.xlsx"].tobytes()
    assert hashlib.sha256(content).hexdigest() == run["book"].sha256
    assert content[:2] == b"PK"


def test_descent_is_a_matrix_power(run: dict[str, Any]) -> None:
    """The distance from (2, -1) shrinks by a fixed matrix at each step, in NumPy's own power."""
    design = np.array([[1.0, 1.0], [2.0, 1.0]])  # a row a point: x, 1
    shrink = np.eye(2) - run["learning_rate"] * design.T @ design
    for row in run["rows"]:
        apart = np.linalg.matrix_power(shrink, row["step"]) @ [-2.0, 1.0]
        np.testing.assert_allclose([row["a"], row["b"]], [2 + apart[0], -1 + apart[1]], atol=1e-12)
        errors = design @ apart
        assert row["loss"] == pytest.approx(errors @ errors / 2, abs=1e-12)
    assert run["rows"][-1]["step"] == run["num_steps"] == 200
    assert run["apart"] < 1e-5


def test_count(run: dict[str, Any]) -> None:
    """(100 + 1) · 500 + (500 + 1) · 10."""
    assert run["parameters"] == 55_510
