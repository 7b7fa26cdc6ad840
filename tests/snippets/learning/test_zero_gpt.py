"""Checks of `snippets/learning/zero_gpt.py`."""

import runpy
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "zero_gpt.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_count(run: dict[str, Any]) -> None:
    """The count is that of GPT-2's closed form, L(12d² + 13d) + Vd + Td + 2d."""
    d = 32
    assert run["parameters"] == 2 * (12 * d * d + 13 * d) + 50 * d + 16 * d + 2 * d == 27_584


def test_zeros_have_no_gradient(run: dict[str, Any]) -> None:
    """None of 27,584 gradients lives at zero, with gains of zero or of one."""
    assert (run["alive"]["zero"], run["alive"]["gains"]) == (0, 0)


def test_random_start_lives(run: dict[str, Any]) -> None:
    """All but the key biases, whose gradient is zero but for rounding, live at GPT-2's start."""
    assert run["parameters"] - 2 * 32 <= run["alive"]["gpt2"] <= run["parameters"]


def test_loss_of_zeros_is_uniform(run: dict[str, Any]) -> None:
    """A GPT of zeros gives each of V tokens the same probability, so its loss is log V."""
    with jax.numpy_rank_promotion("allow"):
        loss = run["loss"](run["starts"]["zero"], run["tokens"])
    assert float(loss) == pytest.approx(np.log(50), rel=1e-6)


def test_gradient_is_the_difference_quotient(run: dict[str, Any]) -> None:
    """A step along the gradient changes the loss as the gradient says."""
    params, tokens = run["starts"]["gpt2"], run["tokens"]
    with jax.numpy_rank_promotion("allow"):
        gradient = run["gradient_of"](params, tokens)
        square = sum(float((leaf**2).sum()) for leaf in jax.tree.leaves(gradient))
        h = 0.005 / square**0.5
        before, after = (
            jax.tree.map(lambda p, g, s=s: p + s * h * g, params, gradient) for s in (-1, 1)
        )
        ends = [float(run["loss"](moved, tokens)) for moved in (before, after)]
    assert (ends[1] - ends[0]) / (2 * h) == pytest.approx(square, rel=0.02)
