r"""One artificial neuron: a weighted sum, a bias, an activation.

A perceptron says 1 when its weighted sum passes a threshold. Moving the threshold to the left of
the inequality makes it a bias: $w \cdot x > \theta$ is $w \cdot x + b > 0$ with $b = -\theta$.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Bool, Float

Vector = ArrayLike | Sequence[ArrayLike]
Inputs = Float[Array | np.ndarray, "*batch d_in"]


def step(z: ArrayLike, *, inclusive: bool = False) -> Array:
    """Return 1 where `z` is above zero and 0 elsewhere, in the dtype of `z`.

    Args:
        z: Weighted sums plus bias, any shape.
        inclusive: Whether exactly zero counts as above: `>=` in place of `>`.

    Returns:
        Zeros and ones of the shape of `z`. NaN gives 0.

    Examples:
        >>> step(0.0).item(), step(0.0, inclusive=True).item()
        (0.0, 1.0)
    """
    z = jnp.asarray(z)
    fires = z >= 0 if inclusive else z > 0
    return fires.astype(z.dtype)


def neuron(
    x: Inputs,
    weight: Vector,
    bias: ArrayLike = 0.0,
    *,
    activation: Callable[[Array], Array] = jax.nn.sigmoid,
) -> Float[Array, "*batch"]:
    r"""Return $\phi(w \cdot x + b)$.

    Args:
        x: Inputs, shape `[..., d_in]`.
        weight: $w$, one number an input, shape `[d_in]`.
        bias: $b$: what the sum is when every input is zero.
        activation: $\phi$.

    Returns:
        One number for each row of `x`.

    Raises:
        ValueError: If `x` and `weight` differ in the number of inputs.

    Examples:
        >>> picnic = jnp.array([0.7, 0.5, 0.2, -0.6, -0.2, -0.4])
        >>> round(float(neuron(jnp.ones(6), picnic)), 4)
        0.5498
    """
    x = jnp.asarray(x)
    weight, bias = jnp.asarray(weight, dtype=x.dtype), jnp.asarray(bias, dtype=x.dtype)
    if weight.ndim != 1 or x.shape[-1] != weight.shape[0]:
        raise ValueError(
            f"`weight` (of shape {weight.shape}) must hold one number for each of the "
            f"{x.shape[-1]} inputs"
        )
    return activation((x * jnp.broadcast_to(weight, x.shape)).sum(-1) + bias)


def perceptron(
    x: Inputs, weight: Vector, *, threshold: ArrayLike, inclusive: bool = False
) -> Float[Array, "*batch"]:
    r"""Return 1 where $w \cdot x > \theta$, else 0.

    The same as `neuron(x, weight, -threshold, activation=step)`: a bias is a threshold with its
    sign turned.

    Args:
        x: Inputs, shape `[..., d_in]`.
        weight: $w$, shape `[d_in]`.
        threshold: $\theta$, in the unit of the weighted sum.
        inclusive: Whether a sum of exactly the threshold fires: `>=` in place of `>`.

    Returns:
        Zeros and ones, one for each row of `x`.

    Raises:
        ValueError: If `x` and `weight` differ in the number of inputs.

    Examples:
        >>> table = truth_table(3)
        >>> perceptron(table, [6, 2, 3], threshold=5).astype(int).tolist()
        [0, 0, 0, 0, 1, 1, 1, 1]
        >>> perceptron(table, [6, 2, 3], threshold=5, inclusive=True).astype(int).tolist()
        [0, 0, 0, 1, 1, 1, 1, 1]

    References:
        Nielsen 2015, Neural Networks and Deep Learning, chapter 1 (which has `<=` threshold
        for 0, as here by default).
    """
    bias = -jnp.asarray(threshold, dtype=jnp.asarray(x).dtype)
    return neuron(x, weight, bias, activation=lambda z: step(z, inclusive=inclusive))


def truth_table(num_inputs: int) -> Float[Array, "rows num_inputs"]:
    """Return every combination of zeros and ones, in counting order.

    Args:
        num_inputs: At least 1.

    Returns:
        Shape `[2 ** num_inputs, num_inputs]`; the last input changes fastest.

    Raises:
        ValueError: If `num_inputs` is below 1.

    Examples:
        >>> truth_table(2).astype(int).tolist()
        [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    if num_inputs < 1:
        raise ValueError(f"`num_inputs` (={num_inputs}) must be at least 1")
    return jnp.indices((2,) * num_inputs).reshape(num_inputs, -1).T.astype(float)


def decisive_inputs(outputs: Float[Array, " rows"]) -> Bool[Array, " num_inputs"]:
    """Return for each input whether flipping it alone ever changes the output.

    Args:
        outputs: One output for each row of `truth_table`, shape `[2 ** num_inputs]`.

    Returns:
        One boolean for each input.

    Raises:
        ValueError: If the number of outputs is not a power of two of at least 2.

    Examples:
        >>> decisive_inputs(perceptron(truth_table(3), [6, 2, 3], threshold=5)).tolist()
        [True, False, False]
    """
    num_inputs = outputs.size.bit_length() - 1
    if num_inputs < 1 or 2**num_inputs != outputs.size:
        raise ValueError(
            f"`outputs` must hold a power of two of at least 2 rows (got {outputs.size}): "
            "one for each row of `truth_table`"
        )
    cube = outputs.reshape((2,) * num_inputs)  # one axis an input
    flips = [jnp.any(jnp.diff(cube, axis=axis) != 0) for axis in range(num_inputs)]
    return jnp.stack(flips)


def perceptron_update(
    weight: Float[Array, " d_in"],
    bias: Float[Array, ""],
    x: Float[Array, " d_in"],
    target: Float[Array, ""],
    *,
    learning_rate: ArrayLike = 1.0,
) -> tuple[Float[Array, " d_in"], Float[Array, ""]]:
    r"""Return weight and bias after one example's feedback.

    $w \leftarrow w + \eta (t - y) x, \quad b \leftarrow b + \eta (t - y)$

    Nothing changes when the answer was right, and only the weights of inputs that were not zero
    change when it was wrong.

    Args:
        weight: $w$, shape `[d_in]`.
        bias: $b$.
        x: One example, shape `[d_in]`.
        target: $t$, the right answer, 0 or 1.
        learning_rate: $\eta$, positive.

    Returns:
        The new weight and the new bias.

    References:
        Rosenblatt 1958, The perceptron, Psychological Review 65(6).
    """
    error = target - neuron(x, weight, bias, activation=step)  # -1, 0 or 1
    change = jnp.asarray(learning_rate, dtype=weight.dtype) * error
    return weight + change * x, bias + change
