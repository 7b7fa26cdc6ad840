"""Checks of `snippets/quantization/modes.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "quantization" / "modes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_errors_grow_as_bits_shrink(run: dict[str, Any]) -> None:
    """The errors are those expected of independent rounding of weights and of activations."""
    errors = {(row["weights"], row["activations"]): row["error"] for row in run["rows"]}
    assert errors[8, 32] < errors[8, 8] < errors[8, 4]
    for weight_bits in (8, 4):
        # Errors of two independent roundings add up in squares; the activations' share is the
        # same for both weights.
        of_activations = errors[8, 4] ** 2 - errors[8, 32] ** 2
        expected = (errors[weight_bits, 32] ** 2 + of_activations) ** 0.5
        assert errors[weight_bits, 4] == pytest.approx(expected, rel=0.05)


def test_sizes_are_arithmetic(run: dict[str, Any]) -> None:
    """Bytes are codes plus four for each of 384 scales."""
    weights = 384 * 384
    assert run["sizes"] == {
        "float": 4 * weights,
        "int8": weights + 4 * 384,
        "int4": weights // 2 + 4 * 384,
    }


def test_the_inputs_are_the_models(run: dict[str, Any]) -> None:
    """What enters the first layer is what the model's own forward pass begins with."""
    from explainer.models.bert import bert_states

    model, tokens = run["_model"], run["_tokens"]
    states = bert_states(model.params, tokens.ids, tokens.mask, model.config)
    np.testing.assert_allclose(run["_x"], states[0][tokens.mask], atol=1e-5)
