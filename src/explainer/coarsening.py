"""Formats by name, and what a weight is worth after having been stored in one of them."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import ml_dtypes
from jax import Array
from jaxtyping import Float

from explainer.quantization import QTensor, quantize
from explainer.quantization.gguf_blocks import ENCODED, decode_blocks, encode_blocks
from explainer.quantization.gguf_layouts import LAYOUTS

CASTS = {
    "f32": jnp.dtype(jnp.float32),
    "f16": jnp.dtype(jnp.float16),
    "bf16": jnp.dtype(jnp.bfloat16),
    "f8_e4m3": jnp.dtype(ml_dtypes.float8_e4m3fn),
}
"""Formats without scales."""
INTEGERS = tuple(f"int{bits}" for bits in (8, 6, 5, 4, 3, 2))
"""Symmetric integers with a float16 scale for each 32 weights."""
BLOCKS = tuple(name.lower() for name in ENCODED)
"""GGUF's blocks of 32."""
FORMATS = (*CASTS, *INTEGERS, *BLOCKS)
BLOCK_SIZE = 32


class Coarse(NamedTuple):
    """A weight after storage, and the bits that storing one of its elements takes."""

    weight: Array
    bits_per_weight: float


def coarsen(weight: Float[Array, "*lead d_in"], name: str) -> Coarse:
    """Return a weight as it comes back from a format.

    Args:
        weight: Shape `[..., d_in]`.
        name: One of `FORMATS`: a cast (`bf16`), an integer of two to eight bits in groups of 32
            with a float16 scale (`int4`), or a GGUF type (`q4_0`).

    Returns:
        float32 of the same shape, and true bits per weight, scales included.

    Raises:
        ValueError: If there is no such format, or blocks of 32 do not divide `d_in`.

    Examples:
        >>> coarsen(jnp.ones((2, 64)), "q4_1").bits_per_weight
        5.0
    """
    if name in CASTS:
        dtype = CASTS[name]
        return Coarse(weight.astype(dtype).astype(jnp.float32), 8.0 * dtype.itemsize)
    if name in INTEGERS:
        stored = jax.eval_shape(partial(_quantized, name=name), weight)
        restored: Array = _restored(weight, name=name)
        return Coarse(restored, stored.bits_per_weight)
    if name in BLOCKS:
        qtype = name.upper()
        blocks = encode_blocks(weight, qtype=qtype)
        return Coarse(decode_blocks(blocks, qtype=qtype), LAYOUTS[qtype].bits_per_weight)
    raise ValueError(f"`format` (={name!r}) must be one of {', '.join(FORMATS)}")


def _quantized(weight: Array, *, name: str) -> QTensor:
    return quantize(
        weight,
        bits=int(name[3:]),
        granularity="group",
        block_size=BLOCK_SIZE,
        scale_dtype=jnp.float16,
    )


@partial(jax.jit, static_argnames="name")
def _restored(weight: Array, *, name: str) -> Array:
    """Quantize and decode in one program: the codes of a large model are never held."""
    return _quantized(weight, name=name).dequantize()
