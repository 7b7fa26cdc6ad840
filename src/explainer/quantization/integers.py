r"""Quantizing to integers of two to eight bits, symmetric or affine."""

from __future__ import annotations

from functools import partial
from typing import get_args

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike
from jaxtyping import Float, Integer, Shaped

from explainer.quantization import packing
from explainer.quantization.calibration import (
    Calibration,
    Granularity,
    affine_scale,
    as_blocks,
    symmetric_scale,
)
from explainer.quantization.codebooks import code_bits, code_range, is_signed
from explainer.quantization.qtensor import QTensor


def absmax_scale(
    weight: Float[Array, "*lead d_in"],
    *,
    bits: int = 8,
    granularity: Granularity = "channel",
    block_size: int = 32,
) -> Float[Array, "*lead num_blocks"]:
    r"""Return one symmetric scale for each output channel (or block, or the tensor).

    $s_i = \max_j |w_{ij}| / (2^{b-1} - 1)$

    Args:
        weight: Values to quantize, shape `[..., d_in]`.
        bits: Width of one stored integer, in bits; 2 to 8.
        granularity: What shares a scale: `tensor`, `channel` or `group`.
        block_size: Weights that share a scale, for `group` alone.

    Returns:
        Scales in the unit of `weight`, shape `[..., num_blocks]`: one block for `channel`, and
        all axes 1 for `tensor`. Where all weights are zero the scale is 1.

    Raises:
        ValueError: If `bits` is outside 2 to 8, or blocks do not divide a row.

    Examples:
        >>> absmax_scale(jnp.array([[0.5, -1.27]])).shape
        (1, 1)

    References:
        Dettmers et al. 2022, LLM.int8(), section 2.1.
    """
    _require_bits(bits)
    return symmetric_scale(as_blocks(weight, granularity, block_size=block_size), bits=bits)


def quantize(
    weight: Float[Array | np.ndarray, "*lead d_in"],
    *,
    bits: int,
    symmetric: bool = True,
    granularity: Granularity = "channel",
    block_size: int = 32,
    axis: int = -1,
    calibration: Calibration = "absmax",
    percentile: float = 99.9,
    scale_dtype: DTypeLike = jnp.float32,
    zero_point_dtype: DTypeLike = jnp.uint8,
    pack: bool = True,
) -> QTensor:
    r"""Return the weight rounded to integers (round to nearest, ties to even), with its scales.

    Symmetric: $q = \mathrm{clip}(\mathrm{round}(w / s), -(2^{b-1}-1), 2^{b-1}-1)$.
    Affine: $q = \mathrm{clip}(\mathrm{round}(w / s) + z, 0, 2^b - 1)$.

    A block that holds a NaN or an infinity gets a scale of NaN and decodes to NaN as a whole: the
    damage shows, and stays in its block.

    Args:
        weight: Values to quantize, any axes, JAX or NumPy; bfloat16 and float16 are widened first.
        bits: Width of a code, 2 to 8.
        symmetric: Codes around zero; else from the least to the largest weight (and zero) of each
            block, with a zero-point.
        granularity: What shares a scale: `tensor`, `channel` (all inputs of an output) or `group`.
        block_size: Weights that share a scale, for `group` alone; must divide the axis.
        axis: Axis of the inputs, along which blocks run; 0 for a weight stored as `[d_in, d_out]`.
        calibration: `absmax`, `percentile` or `mse`: see `explainer.quantization.calibration`.
        percentile: For `percentile` alone, above 0 to 100.
        scale_dtype: In which the scales are stored; codes are chosen for the scale as stored.
        zero_point_dtype: An integer type for rounded zero-points; a float type keeps them as they
            are, and the range need not hold 0 (as in Q4_1, and in HQQ).
        pack: Whether codes of fewer than 8 bits share bytes.

    Returns:
        A `QTensor`.

    Raises:
        ValueError: If a setting is out of range, or blocks do not divide the axis.

    Examples:
        >>> q = quantize(jnp.array([[0.5, -1.27, 0.03]]), bits=8)
        >>> q.qvalue.tolist(), round(float(q.scale[0, 0]), 4)
        ([[50, -127, 3]], 0.01)
        >>> quantize(jnp.ones((4, 64)), bits=4, granularity="group").bits_per_weight
        5.0

    References:
        Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient
        Integer-Arithmetic-Only Inference, section 2.1 (affine codes). Krishnamoorthi 2018,
        Quantizing deep convolutional networks for efficient inference, section 2.
    """
    _require_bits(bits)
    if calibration not in get_args(Calibration):
        raise ValueError(f"`calibration` (={calibration!r}) must be absmax, percentile or mse")
    if not 0 < percentile <= 100:
        raise ValueError(f"`percentile` (={percentile}) must be above 0, to 100")
    if not -weight.ndim <= axis < weight.ndim:
        raise ValueError(f"`axis` (={axis}) must be an axis of a weight of shape {weight.shape}")
    quantized: QTensor = _quantize(
        jnp.asarray(weight),
        bits=bits,
        symmetric=symmetric,
        granularity=granularity,
        block_size=block_size,
        axis=axis,
        calibration=calibration,
        percentile=percentile,
        scale_dtype=jnp.dtype(scale_dtype),
        zero_point_dtype=jnp.dtype(zero_point_dtype),
        packed=pack and bits < 8,
    )
    return quantized


def codes_of(
    blocks: Float[Array, "*num block_size"],
    scale: Float[Array, "*num"],
    zero_point: Shaped[Array, "*num"] | None,
    *,
    qtype: str,
) -> Float[Array, "*num block_size"]:
    """Return the integer codes of blocks for given scales, still as floats.

    Args:
        blocks: Shape `[..., num_blocks, block_size]`.
        scale: One a block.
        zero_point: One a block, of an integer or a float dtype, or None.
        qtype: `int2` to `int8` or `uint2` to `uint8`.

    Returns:
        Whole numbers within `code_range(qtype)`; NaN where the scale is.
    """
    low, high = code_range(qtype)
    scaled = blocks / scale.astype(jnp.float32)[..., None]
    if zero_point is None:
        return jnp.clip(jnp.round(scaled), low, high)
    zero = zero_point.astype(jnp.float32)[..., None]
    if jnp.issubdtype(zero_point.dtype, jnp.floating):
        return jnp.clip(jnp.round(scaled + zero), low, high)
    return jnp.clip(jnp.round(scaled) + zero, low, high)


def stored(
    codes: Float[Array, "*lead d_in"], num_blocks: int, *, qtype: str, packed: bool
) -> Integer[Array, "*stored"]:
    """Return codes in the form in which a `QTensor` keeps them.

    Args:
        codes: Whole numbers, still as floats.
        num_blocks: Blocks in a row; each is packed for itself.
        qtype: Their type.
        packed: Whether they share bytes; signed codes are then stored plus $2^{b-1}$.

    Returns:
        int8 or uint8; packed, `[..., num_blocks, bytes]`.
    """
    if not packed:
        return codes.astype(jnp.int8 if is_signed(qtype) else jnp.uint8)
    bits = code_bits(qtype)
    offset = 2.0 ** (bits - 1) if is_signed(qtype) else 0.0
    *lead, d_in = codes.shape
    blocks = (codes + offset).astype(jnp.uint8).reshape(*lead, num_blocks, d_in // num_blocks)
    return packing.pack(blocks, bits=bits)


@partial(
    jax.jit,
    static_argnames=(
        *("bits", "symmetric", "granularity", "block_size", "axis", "calibration", "percentile"),
        *("scale_dtype", "zero_point_dtype", "packed"),
    ),
)
def _quantize(
    weight: Array,
    *,
    bits: int,
    symmetric: bool,
    granularity: Granularity,
    block_size: int,
    axis: int,
    calibration: Calibration,
    percentile: float,
    scale_dtype: jnp.dtype,
    zero_point_dtype: jnp.dtype,
    packed: bool,
) -> QTensor:
    rows = jnp.moveaxis(weight.astype(jnp.float32), axis, -1)
    blocks = as_blocks(rows, granularity, block_size=block_size)
    qtype = f"int{bits}" if symmetric else f"uint{bits}"
    if symmetric:
        scale = symmetric_scale(blocks, bits=bits, calibration=calibration, percentile=percentile)
        scale = _as_stored(scale, scale_dtype)
        zero_point = None
    else:
        rounded = jnp.issubdtype(zero_point_dtype, jnp.integer)
        scale, low = affine_scale(
            blocks,
            bits=bits,
            calibration=calibration,
            percentile=percentile,
            include_zero=rounded,
        )
        scale = _as_stored(scale, scale_dtype)
        zero_point = -low / scale.astype(jnp.float32)
        if rounded:
            zero_point = jnp.clip(jnp.round(zero_point), *code_range(qtype))
        zero_point = zero_point.astype(zero_point_dtype)
    codes = codes_of(blocks, scale, zero_point, qtype=qtype)
    return QTensor(
        qvalue=stored(codes.reshape(rows.shape), scale.shape[-1], qtype=qtype, packed=packed),
        scale=scale,
        zero_point=zero_point,
        tensor_scale=None,
        qtype=qtype,
        shape=weight.shape,
        axis=axis,
        packed=packed,
    )


def _as_stored(scale: Array, dtype: jnp.dtype) -> Array:
    """Round the scale to its dtype; 1 where it vanishes there, as for a block of zeros."""
    scale = scale.astype(dtype)
    return jnp.where(scale == 0, jnp.ones_like(scale), scale)


def _require_bits(bits: int) -> None:
    if not 2 <= bits <= 8:
        raise ValueError(f"`bits` (={bits}) must be 2 to 8")
