"""One quantized array: codes, scales, zero-points, and what they really take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from explainer.quantization.codebooks import CODEBOOKS, code_bits, is_signed
from explainer.quantization.packing import unpack


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["qvalue", "scale", "zero_point", "tensor_scale"],
    meta_fields=["qtype", "shape", "axis", "packed"],
)
@dataclass(frozen=True)
class QTensor:
    r"""A quantized array. Integers: $w \approx s\,(q - z)$; other codes: $w \approx s\,c(q)$.

    A **block** is the weights that share a scale (others say group, tile or sub-channel). Blocks
    are contiguous along `axis`; all of them are equally long. One scale for the whole tensor, one
    for each channel and one for each block of 32 differ only in how many scales there are.

    A `QTensor` is a tree: it goes through `jit`, `tree.map` and checkpoints like any other. Under
    `vmap`, `shape` is that of one tensor.

    Args:
        qvalue: The codes with `axis` moved last: `[..., d_in]` of int8 or uint8; packed,
            `[..., num_blocks, bytes]` of uint8, each block for itself (see `packing`).
        scale: $s$, shape `[..., num_blocks]`; every axis 1 where one scale
            serves the whole tensor. May be a flat `QTensor` itself (double quantization).
        zero_point: $z$, the code that means zero, of the scale's shape; None where it is 0.
        tensor_scale: One more factor for the whole tensor (NVFP4), or None.
        qtype: `int2` to `int8` (symmetric), `uint2` to `uint8` (affine), or a key of `CODEBOOKS`.
        shape: Shape of the array that was quantized.
        axis: The axis along which blocks run: that of the inputs, -1 in our layout.
        packed: Whether several codes share a byte.
    """

    qvalue: Any  # not `Array`: a tree of shapes or of shardings is a QTensor as well
    scale: Any
    zero_point: Any
    tensor_scale: Any
    qtype: str
    shape: tuple[int, ...]
    axis: int
    packed: bool

    @property
    def bits(self) -> int:
        """Width of one code, in bits."""
        return code_bits(self.qtype)

    @property
    def num_blocks(self) -> int:
        """Scales a row has."""
        if isinstance(self.scale, QTensor):
            return prod(self.scale.shape) * self.shape[self.axis] // prod(self.shape)
        return int(self.scale.shape[-1])

    @property
    def block_size(self) -> int:
        """Weights of a row that share a scale (`d_in` where each channel or the tensor has one)."""
        return self.shape[self.axis] // self.num_blocks

    @property
    def nbytes_stored(self) -> int:
        """Bytes of codes, scales and zero-points together, as they would be written to a file."""
        return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(self))

    @property
    def bits_per_weight(self) -> float:
        """Bits stored for each weight, scales and zero-points included."""
        return 8 * self.nbytes_stored / prod(self.shape)

    def codes(self) -> Array:
        """Return the codes, one an element, shape `[..., d_in]` with `axis` moved last.

        Returns:
            int8 where the codes are signed, else uint8.
        """
        if not self.packed:
            return jnp.asarray(self.qvalue)
        codes: Array = unpack(self.qvalue, self.block_size, bits=self.bits)
        codes = codes.reshape(*self.qvalue.shape[:-2], -1)
        if is_signed(self.qtype):
            codes = codes.astype(jnp.int8) - jnp.int8(2 ** (self.bits - 1))
        return codes

    def scales(self) -> Array:
        """Return the scales as float32, decoded where they are quantized themselves."""
        values: Array
        if isinstance(self.scale, QTensor):
            values = self.scale.dequantize().reshape(*self.qvalue.shape[:-2], self.num_blocks)
        else:
            values = self.scale.astype(jnp.float32)
        return values if self.tensor_scale is None else values * self.tensor_scale

    def dequantize(self, dtype: DTypeLike = jnp.float32) -> Array:
        """Return the weights that the codes stand for.

        Args:
            dtype: Of the result; the arithmetic is float32.

        Returns:
            An array of `shape`. A block whose scale is NaN is NaN as a whole.
        """
        codes = self.codes()
        values: Array
        blocks = codes.reshape(*codes.shape[:-1], self.num_blocks, self.block_size)
        if self.qtype in CODEBOOKS:
            values = jnp.asarray(CODEBOOKS[self.qtype])[blocks]
        else:
            values = blocks.astype(jnp.float32)
        if self.zero_point is not None:
            values = values - self.zero_point.astype(jnp.float32)[..., None]
        values = (self.scales()[..., None] * values).reshape(codes.shape)
        turned: Array = jnp.moveaxis(values, -1, self.axis)
        return turned.astype(dtype)
