"""Checks of `snippets/audit/weights_and_training_learning.py`."""

import runpy
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import optax
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "weights_and_training_learning.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_starts(run: dict[str, Any]) -> None:
    """As transformers counts GPT-2: 102,144 biases and 19,200 gains of 124,439,808."""
    assert run["fixed"] == 102_144 + 19_200
    assert run["gpt2"]["weights"] == 124_439_808 - run["fixed"]


def test_step(run: dict[str, Any]) -> None:
    """Optax takes the same first steps of Adam, and gradient descent ends at zero."""
    for g, step in zip((1e-3, 1.0, 1e3), run["adam"], strict=True):
        w = jnp.array(0.0)
        adam = optax.adam(0.25)
        with jax.numpy_dtype_promotion("standard"):  # optax mixes int and float
            change, _ = adam.update(jnp.array(g), adam.init(w), w)
        assert step == pytest.approx(-float(change), rel=1e-4)
    assert run["new"] == 1 - 0.25 * 4
    assert run["sgd"] == pytest.approx([0.25e-3, 0.25, 250])


def test_rates(run: dict[str, Any]) -> None:
    """After 50 steps w is the 50th power of what one step multiplies it by."""
    for rate, w in run["ends"].items():
        assert w == pytest.approx((1 - 4 * rate) ** 50)
    assert run["limit"] == 2 / 4
    assert round(run["ends"][0.51], 1) == 7.1


def test_verdicts(run: dict[str, Any]) -> None:
    """Each of the five claims has one record."""
    assert len(run["by_id"]) == len(run["claims"]) == 5
