r"""Matrix products with quantized weights: rescale once, after the integers are summed."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from explainer.quantization.codebooks import is_signed
from explainer.quantization.qtensor import QTensor


@jax.jit
def weight_only_matmul(
    x: Float[Array, "*batch d_in"], weight: QTensor
) -> Float[Array, "*batch d_out"]:
    r"""Return $x \hat W^T$: weights are decoded on the way, the arithmetic is in floats.

    Saves memory and the time to read it; no multiplication becomes cheaper.

    Args:
        x: Activations.
        weight: Quantized $W$, of shape `[d_out, d_in]`, of any type.

    Returns:
        The product, as if with the dequantized weight.

    Examples:
        >>> from explainer.quantization import quantize
        >>> weight_only_matmul(jnp.ones(2), quantize(jnp.array([[1.0, 0.5]]), bits=8)).round(2)
        Array([1.5], dtype=float32)
    """
    return jnp.einsum("...i,oi->...o", x, weight.dequantize(x.dtype))


@jax.jit
def integer_matmul(x: QTensor, weight: QTensor) -> Float[Array, "*batch d_out"]:
    r"""Return $\hat x \hat W^T$ computed in integers, rescaled at the end.

    $y_{to} = s^x_t s^w_o \sum_i (q^x_{ti} - z^x_t)(q^w_{oi} - z^w_o)$. The zero-points come out of
    the sum: $\sum q^x q^w - z^w \sum q^x - z^x \sum q^w + d_{in} z^x z^w$. With blocks along the
    inputs, each block has its own sum and its own scale. 8-bit codes are multiplied as int8 and
    summed as int32; narrower ones are widened to int8 first, as hardware wants it.

    Args:
        x: Quantized activations, `[..., d_in]`: one scale a token (`channel`) or one in all.
        weight: Quantized $W$, `[d_out, d_in]`, integers.

    Returns:
        float32. The sum is exact, and so the result is that of the dequantized matrices but for
        float rounding, as long as a block holds at most $2^{17}$ inputs.

    Raises:
        ValueError: If a code or zero-point is no integer, the inputs differ in number, or both
            operands have more than one block a row and not the same.

    Examples:
        >>> from explainer.quantization import quantize
        >>> x, w = jnp.array([[1.0, 0.5]]), jnp.array([[1.0, -0.5]])
        >>> integer_matmul(quantize(x, bits=8), quantize(w, bits=8)).round(2).tolist()
        [[0.75]]

    References:
        Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient
        Integer-Arithmetic-Only Inference, section 2.2 and 2.3.
    """
    num_blocks = _common_blocks(x, weight)
    left, left_zero = _as_int8(x, num_blocks)  # [..., blocks, size]
    right, right_zero = _as_int8(weight, num_blocks)
    total = jnp.einsum("...gi,ogi->...og", left, right, preferred_element_type=jnp.int32)
    if not (is_signed(x.qtype) and is_signed(weight.qtype)):
        of_left = left.sum(-1, dtype=jnp.int32)[..., None, :]  # [..., 1, blocks]
        of_right = _over_batch(right.sum(-1, dtype=jnp.int32), of_left)
        size = left.shape[-1]
        zx, zw = left_zero[..., None, :], _over_batch(right_zero, of_left)
        total = total - zw * of_left - zx * of_right + size * zx * zw
    scale = x.scales()[..., None, :] * _over_batch(weight.scales(), total)
    return (scale * total.astype(jnp.float32)).sum(-1)


def _common_blocks(x: QTensor, weight: QTensor) -> int:
    """Return into how many blocks both rows are cut, or refuse."""
    for name, q in (("x", x), ("weight", weight)):
        if not q.qtype.startswith(("int", "uint")):
            raise ValueError(f"`{name}` has codes of type {q.qtype}, which are no integers")
        if q.zero_point is not None and jnp.issubdtype(q.zero_point.dtype, jnp.floating):
            raise ValueError(f"`{name}` has zero-points of {q.zero_point.dtype}, not of integers")
        if q.axis not in (-1, len(q.shape) - 1):
            raise ValueError(f"`{name}` runs its blocks along axis {q.axis}, not the last")
    if x.shape[-1] != weight.shape[-1]:
        raise ValueError(f"`x` has {x.shape[-1]} inputs and `weight` {weight.shape[-1]}")
    blocks = {x.num_blocks, weight.num_blocks} - {1}
    if len(blocks) > 1:
        raise ValueError(f"`x` has {x.num_blocks} blocks a row and `weight` {weight.num_blocks}")
    return max(blocks, default=1)


def _as_int8(q: QTensor, num_blocks: int) -> tuple[Array, Array]:
    """Return signed codes by block, and zero-points; 8-bit unsigned codes both move by 128."""
    codes = q.codes()
    blocks = codes.reshape(*codes.shape[:-1], num_blocks, -1)
    zero = jnp.zeros(q.scale.shape, jnp.int32)
    if q.zero_point is not None:
        zero = q.zero_point.astype(jnp.int32)
    if is_signed(q.qtype):
        return blocks, zero
    shifted = blocks.astype(jnp.int16) - jnp.int16(128)
    return shifted.astype(jnp.int8), zero - 128


def _over_batch(rows: Array, like: Array) -> Array:
    """Return `[d_out, blocks]` with as many leading axes as `like` has."""
    return rows.reshape(*([1] * (like.ndim - rows.ndim)), *rows.shape)
