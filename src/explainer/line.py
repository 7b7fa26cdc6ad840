r"""A line: two parameters, found three ways.

$y = a x + b$ is the smallest model that learns: the slope $a$ and the intercept $b$ are its
parameters, and every point it was fitted to is compressed into those two numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float

# `int` by its name: a run-time type checker does not take it for a float.
Number = Array | np.ndarray | float | int
Vector = ArrayLike | Sequence[ArrayLike]
Points = ArrayLike | Sequence[Sequence[ArrayLike]]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Line:
    """A line $y = a x + b$, to be called with `x`.

    Args:
        slope: $a$, in units of y per unit of x.
        intercept: $b$, in units of y: what the line says at x = 0.

    Examples:
        >>> Line(slope=2.0, intercept=-1.0)(5.0)
        9.0
    """

    slope: Number
    intercept: Number

    def __call__(self, x: Number) -> Number:
        """Return $a x + b$, of the shape of `x`."""
        return self.slope * x + self.intercept


class Path(NamedTuple):
    """Every stop of a gradient descent, the start included: three arrays of one length."""

    a: Array
    b: Array
    loss: Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Descent:
    """What gradient descent found, and the way it went.

    Args:
        a: The last slope.
        b: The last intercept.
        path: Slope, intercept and loss before each step and after the last one, each of
            shape `[num_steps + 1]`.
    """

    a: Array
    b: Array
    path: Path

    @property
    def line(self) -> Line:
        """The line that the descent ended at."""
        return Line(slope=self.a, intercept=self.b)


def solve_line(points: Points) -> Line:
    r"""Return the one line through two points.

    $a = \frac{y_2 - y_1}{x_2 - x_1}, \quad b = y_1 - a x_1$

    Args:
        points: $(x_1, y_1)$ and $(x_2, y_2)$, shape `[2, 2]`.

    Returns:
        The line, exact up to the rounding of the dtype.

    Raises:
        ValueError: If `points` is not two points, or if both have the same x (checked where the
            values are known: not under `jit`).

    Examples:
        >>> line = solve_line([(1, 1), (2, 3)])
        >>> float(line.slope), float(line.intercept)
        (2.0, -1.0)
    """
    points = as_floats(points)
    if points.shape != (2, 2):
        raise ValueError(
            f"`points` (of shape {points.shape}) must be two points (x, y), shape (2, 2); "
            "for more points use `fit_line`"
        )
    (x_1, y_1), (x_2, y_2) = points
    if not isinstance(points, jax.core.Tracer) and x_1 == x_2:
        raise ValueError(f"the two points must differ in x (both are {x_1}): the line is vertical")
    slope = (y_2 - y_1) / (x_2 - x_1)
    return Line(slope=slope, intercept=y_1 - slope * x_1)


def fit_line(x: Vector, y: Vector) -> Line:
    r"""Return the line with the least mean squared error, in closed form.

    $a = \frac{\sum_i (x_i - \bar x)(y_i - \bar y)}{\sum_i (x_i - \bar x)^2},
    \quad b = \bar y - a \bar x$

    Args:
        x: Where, shape `[n]`, n at least 2, not all equal.
        y: What was seen there, shape `[n]`.

    Returns:
        The least-squares line; slope and intercept are NaN if all `x` are equal.

    Raises:
        ValueError: If `x` and `y` are not two vectors of one length of at least 2.

    Examples:
        >>> line = fit_line([1, 2, 3], [1, 3, 5])
        >>> float(line.slope), float(line.intercept)
        (2.0, -1.0)

    References:
        Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes, appendix.
    """
    x, y = _paired(x, y)
    if len(x) < 2:
        raise ValueError(f"a line needs at least 2 points (got {len(x)})")
    centred = x - x.mean()  # [n]
    slope = (centred * (y - y.mean())).sum() / (centred**2).sum()
    return Line(slope=slope, intercept=y.mean() - slope * x.mean())


def mean_squared_error(prediction: Vector, target: Vector) -> Float[Array, ""]:
    r"""Return $\frac{1}{n} \sum_i (\hat y_i - y_i)^2$.

    Args:
        prediction: $\hat y$, shape `[n]`.
        target: $y$, shape `[n]`.

    Returns:
        The error, in the square of the unit of `target`.

    Raises:
        ValueError: If the two are not vectors of one length.

    Examples:
        >>> float(mean_squared_error([1.0, 1.5], [1.0, 3.0]))
        1.125
    """
    prediction, target = _paired(prediction, target)
    return ((prediction - target) ** 2).mean()


def descend_line(
    x: Vector,
    y: Vector,
    *,
    learning_rate: ArrayLike,
    num_steps: int,
    start: tuple[float, float] = (0.0, 0.0),
) -> Descent:
    r"""Find the line by gradient descent on the mean squared error.

    $(a, b) \leftarrow (a, b) - \eta \, \nabla L(a, b)$, with the gradient taken by `jax.grad`.

    Args:
        x: Where, shape `[n]`.
        y: What was seen there, shape `[n]`.
        learning_rate: $\eta$, positive. Above 2 / (largest curvature of the loss) it diverges;
            on the points (1, 1) and (2, 3) that is 0.2918.
        num_steps: How many updates, at least 0.
        start: $(a, b)$ before the first update.

    Returns:
        The last (a, b) and the whole path. On (1, 1) and (2, 3), 1000 steps of 0.25 end within
        1e-5 of (2, -1) in float32.

    Raises:
        ValueError: If `x` and `y` are not two vectors of one length, or `num_steps` is negative.

    Examples:
        >>> found = descend_line([1, 2], [1, 3], learning_rate=0.25, num_steps=1000)
        >>> round(float(found.a), 4), round(float(found.b), 4)
        (2.0, -1.0)
    """
    if num_steps < 0:
        raise ValueError(f"`num_steps` (={num_steps}) must be at least 0")
    x, y = _paired(x, y)
    rate = jnp.asarray(learning_rate, dtype=x.dtype)

    def loss(parameters: tuple[Array, Array]) -> Array:
        a, b = parameters
        return mean_squared_error(a * x + b, y)

    def step(parameters: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], Path]:
        value, (slope_a, slope_b) = jax.value_and_grad(loss)(parameters)
        a, b = parameters
        return (a - rate * slope_a, b - rate * slope_b), Path(a, b, value)

    begin = (jnp.asarray(start[0], dtype=x.dtype), jnp.asarray(start[1], dtype=x.dtype))
    (a, b), path = jax.lax.scan(step, begin, length=num_steps)
    last = Path(a, b, loss((a, b)))
    return Descent(a, b, jax.tree.map(lambda stops, end: jnp.append(stops, end), path, last))


def as_floats(values: Vector | Points) -> Array:
    """Return `values` as an array of floats; integers become JAX's default float."""
    array = jnp.asarray(values)
    return array if jnp.issubdtype(array.dtype, jnp.floating) else array.astype(float)


def _paired(x: Vector, y: Vector) -> tuple[Array, Array]:
    """Return both as float vectors of one length and one dtype."""
    x, y = as_floats(x), as_floats(y)
    if x.ndim != 1 or x.shape != y.shape or x.size == 0:
        raise ValueError(
            f"both arguments must be vectors of one length of at least 1 "
            f"(got shapes {x.shape} and {y.shape})"
        )
    return x, y
