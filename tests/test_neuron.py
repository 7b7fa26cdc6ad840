"""One neuron, by hand and by truth table."""

from __future__ import annotations

import itertools
import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from explainer.neuron import (
    decisive_inputs,
    neuron,
    perceptron,
    perceptron_update,
    step,
    truth_table,
)

PICNIC = (0.7, 0.5, 0.2, -0.6, -0.2, -0.4)
ROWS = list(itertools.product((0, 1), repeat=3))


@pytest.mark.parametrize("jitted", [False, True])
@pytest.mark.parametrize("inclusive", [False, True])
def test_perceptron_agrees_with_a_loop(jitted: bool, inclusive: bool) -> None:
    """Weights 6, 2, 3 against 5 give what integers in a Python loop give, at exactly 5 too."""
    rule = partial(perceptron, weight=[6, 2, 3], threshold=5, inclusive=inclusive)
    run = jax.jit(rule) if jitted else rule
    sums = [6 * a + 2 * b + 3 * c for a, b, c in ROWS]
    assert sums == [0, 3, 2, 5, 6, 9, 8, 11]
    expected = [int(total >= 5 if inclusive else total > 5) for total in sums]
    assert run(truth_table(3)).astype(int).tolist() == expected


def test_the_popular_perceptron_is_the_weather() -> None:
    """With `>` the output equals the first input; (0, 1, 1) is exactly 5 and `>=` turns it."""
    table = truth_table(3)
    strict = perceptron(table, [6, 2, 3], threshold=5)
    assert np.array_equal(strict, table[:, 0])
    loose = perceptron(table, [6, 2, 3], threshold=5, inclusive=True)
    assert np.flatnonzero(np.asarray(loose != strict)).tolist() == [ROWS.index((0, 1, 1))]


def test_a_small_change_of_a_weight_flips_the_answer() -> None:
    """A third weight of 3.000001 makes (0, 1, 1) fire where 3 does not."""
    row = jnp.array([0.0, 1.0, 1.0])
    assert perceptron(row, [6, 2, 3], threshold=5) == 0
    assert perceptron(row, [6, 2, 3 + 1e-6], threshold=5) == 1


def test_a_bias_is_a_threshold_with_its_sign_turned() -> None:
    """A neuron with step and bias -5 is the perceptron with threshold 5."""
    table = truth_table(3)
    as_neuron = neuron(table, [6, 2, 3], -5, activation=step)
    assert np.array_equal(as_neuron, perceptron(table, [6, 2, 3], threshold=5))


def test_decisive_inputs_agree_with_flipping_each() -> None:
    """For random perceptrons an input is decisive exactly when some flip changes the output."""
    rng = np.random.default_rng(0)
    for weight in rng.integers(-4, 8, (20, 3)).tolist():
        fires = {r: sum(w * v for w, v in zip(weight, r, strict=True)) > 3 for r in ROWS}
        expected = [
            any(fires[r] != fires[(*r[:i], 1 - r[i], *r[i + 1 :])] for r in ROWS) for i in range(3)
        ]
        outputs = perceptron(truth_table(3), weight, threshold=3)
        assert decisive_inputs(outputs).tolist() == expected


def test_only_the_weather_is_decisive() -> None:
    """Of weather, companion and audience, two can never matter with `>`; with `>=` all can."""
    strict = perceptron(truth_table(3), [6, 2, 3], threshold=5)
    loose = perceptron(truth_table(3), [6, 2, 3], threshold=5, inclusive=True)
    assert decisive_inputs(strict).tolist() == [True, False, False]
    assert jax.jit(decisive_inputs)(loose).tolist() == [True, True, True]


@pytest.mark.parametrize(
    ("x", "z"),
    [
        ((1, 1, 1, 1, 1, 1), 0.2),
        ((1, 23, 0.8, 0.10, 20, 5), 0.7 + 11.5 + 0.16 - 0.06 - 4 - 2),
        ((1, 23 / 40, 0.8, 0.1, 20 / 50, 5 / 12), 0.840833),
    ],
)
def test_the_picnic_sum_depends_on_the_encoding(x: tuple[float, ...], z: float) -> None:
    """The sigmoid of the picnic's weighted sum equals the formula in double precision."""
    found = neuron(jnp.array(x, jnp.float32), PICNIC)
    np.testing.assert_allclose(found, 1 / (1 + math.exp(-z)), rtol=1e-6)


def test_step_at_zero_nan_and_infinity() -> None:
    """Zero fires only when inclusive; NaN never fires; infinities follow their sign."""
    z = jnp.array([0.0, -0.0, jnp.nan, jnp.inf, -jnp.inf])
    assert step(z).tolist() == [0, 0, 0, 1, 0]
    assert step(z, inclusive=True).tolist() == [1, 1, 0, 1, 0]


def test_one_feedback_step_agrees_with_numpy() -> None:
    """Wrong answers move the weights of non-zero inputs by the learning rate, right ones none."""
    weight, bias = np.array([6.0, 2.0, 3.0], np.float32), np.float32(-5)
    x = np.array([0, 1, 1], np.float32)
    new_weight, new_bias = perceptron_update(
        jnp.array(weight), jnp.array(bias), jnp.array(x), jnp.array(1.0), learning_rate=0.5
    )
    assert new_weight.tolist() == [6.0, 2.5, 3.5]
    assert new_bias == -4.5
    same, _ = perceptron_update(jnp.array(weight), jnp.array(bias), jnp.array(x), jnp.array(0.0))
    assert same.tolist() == weight.tolist()


def learn(targets: list[int], num_epochs: int = 30) -> list[int]:
    """Return what a perceptron says after feedback on two inputs."""
    weight, bias, table = jnp.zeros(2), jnp.array(0.0), truth_table(2)
    update = jax.jit(perceptron_update)
    for _ in range(num_epochs):
        for x, target in zip(table, targets, strict=True):
            weight, bias = update(weight, bias, x, jnp.array(float(target)))
    said: list[int] = neuron(table, weight, bias, activation=step).astype(int).tolist()
    return said


def test_feedback_learns_and_but_not_xor() -> None:
    """The perceptron rule learns AND and OR; XOR, which no line separates, it cannot."""
    assert learn([0, 0, 0, 1]) == [0, 0, 0, 1]
    assert learn([0, 1, 1, 1]) == [0, 1, 1, 1]
    assert learn([0, 1, 1, 0]) != [0, 1, 1, 0]


def test_one_unit_gets_three_of_four_of_xor_and_two_layers_all() -> None:
    """No weights on a grid of 21³ get more than 3 of 4; OR and NAND into AND get all."""
    table, xor = truth_table(2), jnp.array([0.0, 1.0, 1.0, 0.0])
    values = np.linspace(-2, 2, 21, dtype=np.float32)
    a, b, c = (axis.reshape(-1) for axis in np.meshgrid(values, values, values))
    weights, biases = jnp.stack([jnp.array(a), jnp.array(b)], 1), jnp.array(c)
    said = jax.vmap(lambda weight, bias: neuron(table, weight, bias, activation=step))(
        weights, biases
    )
    right = (said == xor[None, :]).sum(1)
    assert right.max() == 3
    either = perceptron(table, [1, 1], threshold=0.5)
    not_both = perceptron(table, [-1, -1], threshold=-1.5)
    both = perceptron(jnp.stack([either, not_both], 1), [1, 1], threshold=1.5)
    assert np.array_equal(both, xor)


def test_truth_table_counts() -> None:
    """Rows are the binary numbers in order."""
    assert truth_table(3).astype(int).tolist() == [list(row) for row in ROWS]
    assert truth_table(1).tolist() == [[0.0], [1.0]]


def test_refusals_name_the_values() -> None:
    """Wrong numbers of inputs, rows and weights are refused."""
    with pytest.raises(ValueError, match=r"\(2,\).*3 inputs"):
        neuron(jnp.ones(3), [1.0, 2.0])
    with pytest.raises(ValueError, match=r"=0\) must be at least 1"):
        truth_table(0)
    with pytest.raises(ValueError, match="got 6"):
        decisive_inputs(jnp.ones(6))
