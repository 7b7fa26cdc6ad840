r"""LoRA: fine-tuning through two thin matrices beside each weight.

$W' = W + \frac{\alpha}{r} B A$, with $W$ frozen. $A$ is `[r, d_in]`, $B$ is `[d_out, r]` and begins
at zero, so that training begins at the model as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float

from explainer.network import Layer, apply_layer

Tree = Any


class Adapter(NamedTuple):
    """The two trainable matrices of one weight.

    Args:
        A: Down to the rank, shape `[r, d_in]`.
        B: Up again, shape `[d_out, r]`.
    """

    A: Array
    B: Array


def init_lora(params: Sequence[Layer], *, rank: int, key: Array) -> tuple[Adapter, ...]:
    r"""Return an adapter for each layer: $A$ random, $B$ zero.

    Args:
        params: The layers to adapt.
        rank: $r$, 1 to the smaller side of the smallest weight.
        key: Random key.

    Returns:
        One `Adapter` a layer, in the dtype of its weight. $A$ is uniform in
        $\pm 1/\sqrt{d_{in}}$, as in the authors' code (Kaiming uniform with $a = \sqrt 5$; the
        paper says Gaussian).

    Raises:
        ValueError: If a weight is too small for the rank.

    References:
        Hu et al. 2021, LoRA: Low-Rank Adaptation of Large Language Models, section 4.1.
    """
    keys = jax.random.split(key, len(params))
    adapters = []
    for depth, layer in enumerate(params):
        d_out, d_in = layer.weight.shape
        if not 1 <= rank <= min(d_out, d_in):
            raise ValueError(
                f"`rank` (={rank}) must be 1 to {min(d_out, d_in)}, the smaller side of layer "
                f"{depth}'s weight (of shape {layer.weight.shape})"
            )
        dtype, bound = layer.weight.dtype, d_in**-0.5
        down = jax.random.uniform(keys[depth], (rank, d_in), dtype, -bound, bound)
        adapters.append(Adapter(A=down, B=jnp.zeros((d_out, rank), dtype)))
    return tuple(adapters)


def lora_update(adapter: Adapter, *, alpha: ArrayLike) -> Float[Array, "d_out d_in"]:
    r"""Return $\frac{\alpha}{r} B A$: what is added to the weight, of rank r at most.

    Args:
        adapter: A and B.
        alpha: $\alpha$; held fixed, it keeps the size of the update when the rank changes.

    Returns:
        Shape `[d_out, d_in]`.
    """
    rank = adapter.A.shape[0]
    return jnp.asarray(alpha, adapter.A.dtype) / rank * (adapter.B @ adapter.A)


def apply_lora(
    layer: Layer, adapter: Adapter, x: Float[Array, "*batch d_in"], *, alpha: ArrayLike
) -> Float[Array, "*batch d_out"]:
    r"""Return $W x + b + \frac{\alpha}{r} B (A x)$: the adapter beside the frozen layer.

    Args:
        layer: The frozen layer.
        adapter: A and B.
        x: Inputs, shape `[..., d_in]`.
        alpha: $\alpha$.

    Returns:
        What the merged layer would say, up to rounding.
    """
    rank = adapter.A.shape[0]
    beside = jnp.einsum("...i,ri,or->...o", x, adapter.A, adapter.B)
    return apply_layer(layer, x) + jnp.asarray(alpha, beside.dtype) / rank * beside


def merge_lora(
    params: Sequence[Layer], adapters: Sequence[Adapter], *, alpha: ArrayLike
) -> tuple[Layer, ...]:
    """Return the layers with the adapters added into their weights: no cost in use.

    To fine-tune, take the gradient of a loss of `merge_lora(params, adapters, alpha=alpha)` with
    respect to `adapters` alone.

    Args:
        params: The frozen layers; their biases stay.
        adapters: One for each layer.
        alpha: As in `lora_update`.

    Returns:
        Layers of the same shapes.

    Raises:
        ValueError: If there is not one adapter for each layer.
    """
    if len(params) != len(adapters):
        raise ValueError(f"{len(params)} layers need as many adapters (got {len(adapters)})")
    return tuple(
        layer._replace(weight=layer.weight + lora_update(adapter, alpha=alpha))
        for layer, adapter in zip(params, adapters, strict=True)
    )


def lora_parameters(d_out: int, d_in: int, *, rank: int) -> int:
    """Return $r (d_{in} + d_{out})$, the trainable parameters beside one weight.

    Args:
        d_out: Rows of the weight.
        d_in: Columns of the weight.
        rank: $r$.

    Returns:
        A count.

    Examples:
        >>> 12 * lora_parameters(3 * 768, 768, rank=8)  # every c_attn of GPT-2
        294912
    """
    return rank * (d_in + d_out)
