"""A line, solved, fitted and descended to."""

from __future__ import annotations

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from explainer.line import Line, descend_line, fit_line, mean_squared_error, solve_line

X, Y = np.array([1.0, 2.0], np.float32), np.array([1.0, 3.0], np.float32)


@pytest.mark.parametrize("run", [solve_line, jax.jit(solve_line)])
def test_two_points_give_slope_two_and_intercept_minus_one(run: object) -> None:
    """The line through (1, 1) and (2, 3) is y = 2x - 1, exactly, eager and under jit."""
    line = run(np.array([(1, 1), (2, 3)]))  # type: ignore[operator]
    assert (float(line.slope), float(line.intercept)) == (2.0, -1.0)
    assert float(line(5.0)) == 9.0


def test_solve_agrees_with_exact_rationals() -> None:
    """Two-point lines agree with exact fractions to float32's rounding."""
    rng = np.random.default_rng(0)
    for x1, y1, x2, y2 in rng.integers(-50, 50, (100, 4)).tolist():
        if x1 == x2:
            continue
        slope = Fraction(y2 - y1, x2 - x1)
        line = solve_line([(x1, y1), (x2, y2)])
        np.testing.assert_allclose(line.slope, float(slope), rtol=1e-6)
        np.testing.assert_allclose(line.intercept, float(y1 - slope * x1), rtol=1e-5, atol=1e-4)


def test_another_line_predicts_three() -> None:
    """The line (0.5, 0.5) passes (1, 1), misses (2, 3) and says 3 at x = 5."""
    line = Line(slope=0.5, intercept=0.5)
    assert (line(1), line(2), line(5)) == (1.0, 1.5, 3.0)


@pytest.mark.parametrize("jitted", [False, True])
def test_fit_agrees_with_numpy(jitted: bool) -> None:
    """The closed form equals NumPy's least squares on noisy points."""
    rng = np.random.default_rng(1)
    x = rng.uniform(-3, 3, 57).astype(np.float32)
    y = (0.7 * x + 2 + rng.normal(0, 0.3, 57)).astype(np.float32)
    line = (jax.jit(fit_line) if jitted else fit_line)(x, y)
    expected = np.polyfit(x.astype(float), y.astype(float), 1)
    np.testing.assert_allclose(np.array([line.slope, line.intercept]), expected, rtol=1e-5)


@pytest.mark.parametrize("jitted", [False, True])
def test_descent_reaches_the_solved_line(jitted: bool) -> None:
    """A thousand steps of 0.25 end within 1e-5 of (2, -1)."""
    run = jax.jit(descend_line, static_argnames="num_steps") if jitted else descend_line
    found = run(X, Y, learning_rate=0.25, num_steps=1000)
    np.testing.assert_allclose([found.a, found.b], [2.0, -1.0], atol=1e-5)
    np.testing.assert_allclose(found.line(5.0), 9.0, atol=1e-4)
    assert found.path.loss.shape == (1001,)


def test_the_path_is_gradient_descent() -> None:
    """Each stop equals a NumPy loop with the gradient written out by hand."""
    found = descend_line(X, Y, learning_rate=0.1, num_steps=20, start=(0.5, 0.5))
    a, b = 0.5, 0.5
    for step in range(21):
        error = a * X.astype(float) + b - Y
        expected = (a, b, float((error**2).mean()))
        np.testing.assert_allclose([leaf[step] for leaf in found.path], expected, rtol=1e-4)
        a, b = a - 0.1 * 2 * float((error * X).mean()), b - 0.1 * 2 * float(error.mean())


def test_the_stated_limit_of_the_learning_rate() -> None:
    """Just below 0.2918 the loss on (1, 1), (2, 3) falls to nothing, just above it grows."""
    below = descend_line(X, Y, learning_rate=0.29, num_steps=2000).path.loss
    above = descend_line(X, Y, learning_rate=0.2935, num_steps=2000).path.loss
    assert below[-1] < 1e-3 < below[0]
    assert above[-1] > above[0]


def test_zero_steps_leave_the_start() -> None:
    """A descent of no steps returns its start and that start's loss."""
    found = descend_line(X, Y, learning_rate=0.1, num_steps=0)
    assert (float(found.a), float(found.b), found.path.loss.shape) == (0.0, 0.0, (1,))
    assert float(found.path.loss[0]) == 5.0


def test_mean_squared_error_of_the_other_line() -> None:
    """The line (0.5, 0.5) has error (0 + 1.5²) / 2 on the two points."""
    assert float(mean_squared_error(0.5 * X + 0.5, Y)) == 1.125


def test_refusals_name_rule_value_and_fix() -> None:
    """Vertical lines, too few points and unequal lengths are refused with their values."""
    with pytest.raises(ValueError, match=r"both are 1\.0"):
        solve_line([(1, 1), (1, 3)])
    with pytest.raises(ValueError, match=r"shape \(3, 2\).*fit_line"):
        solve_line(jnp.ones((3, 2)))
    with pytest.raises(ValueError, match="at least 2"):
        fit_line([1.0], [1.0])
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
        mean_squared_error([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="num_steps"):
        descend_line(X, Y, learning_rate=0.1, num_steps=-1)


def test_equal_x_has_no_least_squares_line() -> None:
    """Where all x are equal the closed form says NaN instead of a number."""
    assert np.isnan(fit_line([2.0, 2.0], [1.0, 3.0]).slope)
