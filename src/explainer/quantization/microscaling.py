r"""MX and NVFP4: blocks of small floats that share a scale which is a small float as well.

MX: 32 elements and one power of two (E8M0, 8 bits). NVFP4: 16 elements of FP4, one scale in E4M3
for them, and one FP32 for the tensor. A format "ExMy" has x bits of exponent and y of mantissa.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Integer, UInt8

from explainer.quantization import packing
from explainer.quantization.calibration import as_blocks
from explainer.quantization.codebooks import code_bits
from explainer.quantization.qtensor import QTensor

MX_BLOCK, NVFP4_BLOCK = 32, 16


class Element(NamedTuple):
    """A small float format, as far as rounding to it needs.

    Args:
        mantissa_bits: y of ExMy.
        least_exponent: That of the smallest normal number; subnormals share it.
        largest_exponent: That of the largest finite number.
        largest_code: Code of the largest finite number; what is larger saturates to it.
    """

    mantissa_bits: int
    least_exponent: int
    largest_exponent: int
    largest_code: int


ELEMENTS = {
    "float8_e4m3fn": Element(3, -6, 8, 0b1111_110),
    "float8_e5m2": Element(2, -14, 15, 0b11110_11),
    "float6_e3m2fn": Element(2, -2, 4, 0b111_11),
    "float6_e2m3fn": Element(3, 0, 2, 0b11_111),
    "float4_e2m1fn": Element(1, 0, 2, 0b11_1),
}
"""The element types of MX, by their name in ml_dtypes."""


def element_codes(values: Float[Array, "*shape"], qtype: str) -> UInt8[Array, "*shape"]:
    r"""Return the codes of the nearest values of a small float, ties to even, saturating.

    With $e$ the exponent of $|x|$ (at least the format's least) and $m$ its mantissa bits, the
    code without its sign is $(e - e_{min})\,2^m + \mathrm{round}(|x|\,2^{m-e})$: a mantissa that
    rounds up to the next power of two carries into the exponent by itself.

    Args:
        values: float32.
        qtype: A key of `ELEMENTS`.

    Returns:
        Codes, sign in the highest bit. A NaN saturates.

    Raises:
        ValueError: If there is no such element type.

    Examples:
        >>> element_codes(jnp.array([1.0, 2.5, -6.0, 100.0]), "float4_e2m1fn").tolist()
        [2, 4, 15, 7]
    """
    if qtype not in ELEMENTS:
        raise ValueError(f"`qtype` (={qtype!r}) must be one of {', '.join(ELEMENTS)}")
    element = ELEMENTS[qtype]
    bits = jax.lax.bitcast_convert_type(values.astype(jnp.float32), jnp.int32)
    exponent = jnp.clip(_exponent(values), element.least_exponent, element.largest_exponent + 1)
    mantissa = jnp.round(jnp.abs(values) * _power_of_two(element.mantissa_bits - exponent))
    code = ((exponent - element.least_exponent) << element.mantissa_bits) + jnp.minimum(
        mantissa, 2.0 ** (element.mantissa_bits + 1)
    ).astype(jnp.int32)
    code = jnp.where(jnp.isnan(values), element.largest_code, code)
    sign = jnp.where(bits < 0, 1 << (code_bits(qtype) - 1), 0)
    return (jnp.minimum(code, element.largest_code) | sign).astype(jnp.uint8)


def quantize_mx(
    weight: Float[Array | np.ndarray, "*lead d_in"], *, qtype: str, axis: int = -1
) -> QTensor:
    r"""Return the weight in MX: blocks of 32 small floats under one power of two.

    The power is $2^{\lfloor \log_2 \max |w| \rfloor - e_{max}}$, with $e_{max}$ the exponent of the
    element's largest number. It is rounded down, so the largest of a block may saturate: an FP4
    block with maximum 7.9 stores it as 6. (The specification suggests this; other rules lose
    less, and readers of the format need not know which was used.)

    Args:
        weight: Values to quantize, any axes.
        qtype: `float8_e4m3fn` or `float8_e5m2` (MXFP8), `float6_e3m2fn` or `float6_e2m3fn`
            (MXFP6), `float4_e2m1fn` (MXFP4).
        axis: Axis of the inputs; 32 must divide it.

    Returns:
        A `QTensor`: 8.25, 6.25 or 4.25 bits a weight. A block that holds a NaN or an infinity has
        the scale NaN and decodes to NaN.

    Raises:
        ValueError: If the type is none of these, or 32 does not divide the axis.

    Examples:
        >>> q = quantize_mx(jnp.linspace(-1, 1, 32)[None], qtype="float4_e2m1fn")
        >>> q.bits_per_weight, float(q.scales()[0, 0])
        (4.25, 0.25)

    References:
        Open Compute Project 2023, OCP Microscaling Formats (MX) Specification v1.0, section 6.3.
    """
    if qtype not in ELEMENTS:
        raise ValueError(f"`qtype` (={qtype!r}) must be one of {', '.join(ELEMENTS)}")
    quantized: QTensor = _quantize_mx(jnp.asarray(weight), qtype=qtype, axis=axis)
    return quantized


def quantize_nvfp4(weight: Float[Array | np.ndarray, "*lead d_in"], *, axis: int = -1) -> QTensor:
    r"""Return the weight in NVFP4: FP4 in blocks of 16, scales in E4M3, one FP32 for the tensor.

    $t = \max |w| / (448 \cdot 6)$ brings all scales into the range of E4M3, whose largest number
    is 448; $s = \mathrm{E4M3}(\max_{block} |w| / (6 t))$; $w \approx t\,s\,v_q$.

    Args:
        weight: Values to quantize, any axes.
        axis: Axis of the inputs; 16 must divide it.

    Returns:
        A `QTensor`: 4.5 bits a weight and 32 more in all. As its outer scale belongs to the whole
        tensor, a NaN or an infinity anywhere makes all of it NaN.

    Raises:
        ValueError: If 16 does not divide the axis.

    Examples:
        >>> quantize_nvfp4(jnp.ones((64, 64))).bits_per_weight
        4.5078125

    References:
        NVIDIA 2025, Introducing NVFP4 for Efficient and Accurate Low-Precision Inference.
    """
    quantized: QTensor = _quantize_nvfp4(jnp.asarray(weight), axis=axis)
    return quantized


@partial(jax.jit, static_argnames=("qtype", "axis"))
def _quantize_mx(weight: Array, *, qtype: str, axis: int) -> QTensor:
    rows = jnp.moveaxis(weight.astype(jnp.float32), axis, -1)
    blocks = as_blocks(rows, "group", block_size=MX_BLOCK)
    absmax = jnp.abs(blocks).max(-1)
    exponent = jnp.clip(_exponent(absmax) - ELEMENTS[qtype].largest_exponent, -127, 127)
    codes = element_codes(blocks * _power_of_two(-exponent)[..., None], qtype)
    biased = jnp.where(jnp.isfinite(absmax), exponent + 127, 255).astype(jnp.uint8)
    scale = jax.lax.bitcast_convert_type(biased, jnp.float8_e8m0fnu)
    return QTensor(
        packing.pack(codes, bits=code_bits(qtype)),
        scale,
        None,
        None,
        qtype,
        weight.shape,
        axis,
        True,
    )


@partial(jax.jit, static_argnames=("axis",))
def _quantize_nvfp4(weight: Array, *, axis: int) -> QTensor:
    qtype = "float4_e2m1fn"
    rows = jnp.moveaxis(weight.astype(jnp.float32), axis, -1)
    blocks = as_blocks(rows, "group", block_size=NVFP4_BLOCK)
    absmax = jnp.abs(blocks).max(-1)
    largest = absmax.max()
    outer = largest / (448.0 * 6.0 + 0 * largest)  # NaN where something is not finite
    outer = jnp.where(outer == 0, jnp.ones_like(outer), outer)
    scale = jnp.minimum(absmax / (6 * outer), 448).astype(jnp.float8_e4m3fn)
    step = scale.astype(jnp.float32) * outer
    safe = jnp.where(step == 0, jnp.ones_like(step), step)[..., None]
    codes = element_codes(jnp.where(step[..., None] == 0, 0, blocks / safe), qtype)
    return QTensor(
        packing.pack(codes, bits=code_bits(qtype)),
        scale,
        None,
        outer,
        qtype,
        weight.shape,
        axis,
        True,
    )


def _exponent(values: Float[Array, "*shape"]) -> Integer[Array, "*shape"]:
    r"""Return $\lfloor \log_2 |x| \rfloor$ from the bits; -127 for zero and subnormals."""
    bits = jax.lax.bitcast_convert_type(values.astype(jnp.float32), jnp.int32)
    return ((bits >> 23) & 0xFF) - 127


def _power_of_two(exponent: Integer[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Return exactly 2 to a whole number from -126 to 127, built from its bits."""
    return jax.lax.bitcast_convert_type((exponent + 127) << 23, jnp.float32)
