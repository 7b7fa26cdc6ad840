r"""NF4: sixteen values, placed where normally distributed weights are dense."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, UInt8

from explainer.quantization import packing
from explainer.quantization.calibration import as_blocks
from explainer.quantization.codebooks import NF4
from explainer.quantization.qtensor import QTensor

_MIDPOINTS = (NF4[1:] + NF4[:-1]) / np.float32(2)
SCALES_PER_BLOCK = 256


def nf4_codes(values: Float[Array, "*shape"]) -> UInt8[Array, "*shape"]:
    """Return the code of the nearest NF4 value; at a midpoint that of the lower.

    Fifteen comparisons, whatever the value: there is no branch and no search, so all values are
    compared at once.

    Args:
        values: Within -1 to 1; what lies outside gets the code of the end.

    Returns:
        Codes 0 to 15. A NaN gets 0.

    Examples:
        >>> nf4_codes(jnp.array([-1.0, 0.0, 0.03, 0.09, 1.0])).tolist()
        [0, 7, 7, 8, 15]
    """
    code = jnp.zeros(values.shape, jnp.uint8)
    for midpoint in _MIDPOINTS:
        code = code + (values > midpoint).astype(jnp.uint8)
    return code


def quantize_nf4(
    weight: Float[Array | np.ndarray, "*lead d_in"],
    *,
    block_size: int = 64,
    double: bool = False,
    axis: int = -1,
) -> QTensor:
    r"""Return the weight in NF4: $w \approx s\,v_q$ with $s = \max_j |w_j|$ of each block.

    With `double` the scales are quantized as well, to eight bits in blocks of 256:
    $4 + 8/64 + 32/(64 \cdot 256) = 4.127$ bits a weight instead of 4.5.

    Args:
        weight: Values to quantize, any axes.
        block_size: Weights that share a scale; must divide the axis.
        double: Quantize the scales too. The paper stores them as 8-bit floats less their mean, and
            bitsandbytes in a code of its own; here, as scales are never negative, in 256 even
            steps from 0 to the largest of their block.
        axis: Axis of the inputs.

    Returns:
        A `QTensor` of type `nf4`. A block that holds a NaN or an infinity decodes to NaN.

    Raises:
        ValueError: If blocks do not divide the axis, or with `double` 256 not the scales.

    Examples:
        >>> q = quantize_nf4(jnp.array([[1.0, 0.0, -1.0, 0.03]]), block_size=4)
        >>> q.dequantize().tolist()
        [[1.0, 0.0, -1.0, 0.0]]

    References:
        Dettmers et al. 2023, QLoRA, section 3.
    """
    quantized: QTensor = _quantize_nf4(
        jnp.asarray(weight), block_size=block_size, double=double, axis=axis
    )
    return quantized


@partial(jax.jit, static_argnames=("block_size", "double", "axis"))
def _quantize_nf4(weight: Array, *, block_size: int, double: bool, axis: int) -> QTensor:
    rows = jnp.moveaxis(weight.astype(jnp.float32), axis, -1)
    blocks = as_blocks(rows, "group", block_size=block_size)
    absmax = jnp.abs(blocks).max(-1)
    scale = jnp.where(absmax > 0, absmax, 1 + 0 * absmax)  # 1 for zeros, NaN stays NaN
    scale = scale + 0 * absmax  # an infinity becomes NaN
    codes = nf4_codes(blocks / scale[..., None])
    packed = packing.pack(codes, bits=4)
    stored: Any = _quantized_scales(scale) if double else scale
    return QTensor(packed, stored, None, None, "nf4", weight.shape, axis, True)


def _quantized_scales(scale: Array) -> QTensor:
    """Return the scales as codes 0 to 255 of even steps, 256 of them in a block."""
    if scale.size % SCALES_PER_BLOCK:
        raise ValueError(
            f"the number of scales (={scale.size}) must be divisible by {SCALES_PER_BLOCK} for "
            "double quantization; use double=False"
        )
    blocks = scale.reshape(-1, SCALES_PER_BLOCK)
    step = blocks.max(-1) / 255
    codes = jnp.round(blocks / step[:, None]).astype(jnp.uint8).ravel()
    return QTensor(codes, step, None, None, "uint8", (scale.size,), -1, False)
