r"""A multilayer perceptron as a plain pytree: a tuple of layers, each a weight and a bias.

A weight has shape `[d_out, d_in]`, as in PyTorch and in the files that models are stored in: row i
holds what unit i multiplies its inputs by, and the layer computes $W x + b$. The input "layer"
holds no parameter. A layer without a bias has `bias=None`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike, DTypeLike
from jaxtyping import Float

Init = Literal["lecun", "pytorch", "gpt2", "zeros"]
Activation = Callable[[Array], Array]


# A tuple, not a dataclass: its leaves may be anything that mirrors the parameters (shapes,
# gradients, masks, shardings), and it is a pytree without registration.
class Layer(NamedTuple):
    """One dense layer.

    Args:
        weight: Shape `[d_out, d_in]`.
        bias: Shape `[d_out]`, or None for a layer without.
    """

    weight: Array
    bias: Array | None


MLP = tuple[Layer, ...]


def init_mlp(
    widths: Sequence[int],
    *,
    key: Array,
    init: Init = "lecun",
    use_bias: bool = True,
    dtype: DTypeLike = jnp.float32,
) -> MLP:
    r"""Draw the parameters of an MLP.

    | `init` | weight | bias |
    | --- | --- | --- |
    | `lecun` | $N(0, 1/d_{in})$ | 0 |
    | `pytorch` | uniform in $\pm 1/\sqrt{d_{in}}$ | uniform in $\pm 1/\sqrt{d_{in}}$ |
    | `gpt2` | $N(0, 0.02^2)$ | 0 |
    | `zeros` | 0 | 0 |

    Args:
        widths: Units of the input, of each hidden layer, of the output; at least two numbers.
        key: Random key.
        init: Which initialiser, see the table.
        use_bias: Whether the layers have a bias.
        dtype: Of the parameters.

    Returns:
        One `Layer` for each two neighbouring widths.

    Raises:
        ValueError: If there are fewer than two widths, one is below 1, or `init` is unknown.

    Examples:
        >>> params = init_mlp((100, 500, 10), key=jax.random.key(0), init="gpt2")
        >>> [layer.weight.shape for layer in params]
        [(500, 100), (10, 500)]

    References:
        LeCun et al. 1998, Efficient BackProp, section 4.6 (`lecun`). `pytorch` is
        `torch.nn.Linear.reset_parameters` (Kaiming uniform with $a = \sqrt 5$, which is this
        bound). `gpt2` is Radford et al. 2019 as in OpenAI's `conv1d`: `w_init_stdev=0.02`.
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"`widths` (={tuple(widths)}) must be at least two numbers of at least 1")
    if init not in get_args(Init):
        raise ValueError(f"`init` (={init!r}) must be one of {get_args(Init)}")
    keys = jax.random.split(key, (len(widths) - 1, 2))
    return tuple(
        _init_layer(keys[index], d_in, d_out, init=init, use_bias=use_bias, dtype=dtype)
        for index, (d_in, d_out) in enumerate(pairwise(widths))
    )


def _init_layer(
    keys: Array, d_in: int, d_out: int, *, init: Init, use_bias: bool, dtype: DTypeLike
) -> Layer:
    weight_key, bias_key = keys
    shape = (d_out, d_in)
    bias = jnp.zeros(d_out, dtype)
    if init == "pytorch":
        bound = d_in**-0.5
        weight = jax.random.uniform(weight_key, shape, dtype, -bound, bound)
        bias = jax.random.uniform(bias_key, (d_out,), dtype, -bound, bound)
    elif init == "zeros":
        weight = jnp.zeros(shape, dtype)
    else:
        deviation = 0.02 if init == "gpt2" else d_in**-0.5
        weight = jnp.asarray(deviation, dtype) * jax.random.normal(weight_key, shape, dtype)
    return Layer(weight, bias if use_bias else None)


def apply_layer(
    layer: Layer, x: Float[Array | np.ndarray, "*batch d_in"]
) -> Float[Array, "*batch d_out"]:
    """Return $W x + b$ for each row of `x`."""
    out = jnp.einsum("...i,oi->...o", x, layer.weight)
    if layer.bias is None:
        return out
    return out + jnp.broadcast_to(layer.bias, out.shape)


def dropout(x: Array, rate: ArrayLike, *, key: Array) -> Array:
    r"""Return `x` with each element zero at probability `rate`, the kept ones over $1 - p$.

    The scaling keeps the expected value, so that nothing has to change when the network is used.

    Args:
        x: Activations, any shape.
        rate: $p$, at least 0 and below 1; may be traced.
        key: Random key.

    Returns:
        An array like `x`.

    References:
        Srivastava et al. 2014, Dropout, section 10 (the inverted scaling, as in PyTorch).
    """
    keep = 1 - jnp.asarray(rate, dtype=x.dtype)
    kept = jax.random.bernoulli(key, keep, x.shape)
    return jnp.where(kept, x / keep, jnp.zeros_like(x))


def apply_mlp(
    params: Sequence[Layer],
    x: Float[Array | np.ndarray, "*batch d_in"],
    *,
    activation: Activation = jax.nn.relu,
    dropout_rate: ArrayLike = 0.0,
    key: Array | None = None,
) -> Float[Array, "*batch d_out"]:
    r"""Run an MLP: the activation follows every layer but the last.

    $h_0 = x, \quad h_l = \phi(W_l h_{l-1} + b_l), \quad y = W_L h_{L-1} + b_L$

    Args:
        params: The layers, from `init_mlp`.
        x: Inputs, shape `[..., d_in]`.
        activation: $\phi$, elementwise.
        dropout_rate: Share of each hidden layer that is dropped, where a `key` is given.
        key: Random key for dropout: give one in training, none in use.

    Returns:
        What the last layer says (logits, where the task is classification), `[..., d_out]`.

    Raises:
        ValueError: If `x` does not have as many features as the first layer has inputs.

    Examples:
        >>> params = init_mlp((2, 3, 1), key=jax.random.key(0))
        >>> apply_mlp(params, jnp.ones((5, 2))).shape
        (5, 1)
    """
    d_in = params[0].weight.shape[-1]
    if x.shape[-1] != d_in:
        raise ValueError(
            f"`x` has {x.shape[-1]} features (shape {x.shape}); the first layer takes {d_in}"
        )
    hidden = jnp.asarray(x)
    for depth, layer in enumerate(params[:-1]):
        hidden = activation(apply_layer(layer, hidden))
        if key is not None:
            hidden = dropout(hidden, dropout_rate, key=jax.random.fold_in(key, depth))
    return apply_layer(params[-1], hidden)


def mlp_shapes(widths: Sequence[int], *, use_bias: bool = True) -> MLP:
    """Return the shapes of an MLP's parameters; nothing is allocated.

    Args:
        widths: Units of the input, of each hidden layer, of the output.
        use_bias: Whether the layers have a bias.

    Returns:
        The tree that `init_mlp` returns, with a `jax.ShapeDtypeStruct` for each array.

    Raises:
        ValueError: If there are fewer than two widths or one is below 1.

    Examples:
        >>> sum(leaf.size for leaf in jax.tree.leaves(mlp_shapes((100, 500, 10))))
        55510
    """

    def draw(key: Array) -> MLP:
        return init_mlp(widths, key=key, use_bias=use_bias)

    shapes: MLP = jax.eval_shape(draw, jax.eval_shape(lambda: jax.random.key(0)))
    return shapes
