r"""GPTQ: rounding one column after the other, each error made good by the columns to come."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from explainer.quantization.calibration import Granularity, affine_scale, symmetric_scale
from explainer.quantization.codebooks import code_range
from explainer.quantization.integers import codes_of, stored
from explainer.quantization.qtensor import QTensor


def input_hessian(x: Float[Array, "n d_in"]) -> Float[Array, "d_in d_in"]:
    r"""Return $H = \frac{2}{n} X^T X$: how the squared error of the outputs bends in each weight.

    Args:
        x: $X$, inputs that the layer really sees.

    Returns:
        Symmetric; the same for every output row.
    """
    return 2 / x.shape[0] * jnp.matmul(x.T, x, precision="highest")


def quantize_gptq(
    weight: Float[Array | np.ndarray, "d_out d_in"],
    hessian: Float[Array, "d_in d_in"],
    *,
    bits: int = 4,
    symmetric: bool = True,
    granularity: Granularity = "channel",
    block_size: int = 32,
    damping: float = 0.01,
    act_order: bool = False,
) -> QTensor:
    r"""Return the weight quantized so that the layer's *outputs* change little.

    Column $j$ is rounded, and what it lost is spread over the columns $k > j$ not yet rounded:
    $w_k \leftarrow w_k - \frac{w_j - \hat w_j}{U_{jj}} U_{jk}$, with $U$ the upper Cholesky factor
    of $(H + \lambda I)^{-1}$. Stored is what plain rounding would store: only the codes differ.

    Args:
        weight: $W$.
        hessian: From `input_hessian`.
        bits: Width of a code, 2 to 8.
        symmetric: As in `quantize`.
        granularity: `channel`, or `group`: the scale of a group is found when its turn comes,
            from the weights as corrected so far.
        block_size: Weights that share a scale, for `group` alone.
        damping: $\lambda$, as a share of the mean of the Hessian's diagonal.
        act_order: Whether columns go by decreasing diagonal of the Hessian, those that carry most
            first; for `channel` alone.

    Returns:
        A `QTensor` of the same kind as `quantize` makes.

    Raises:
        ValueError: If the granularity is `tensor`, blocks do not divide a row, or `act_order` is
            asked for with groups.

    References:
        Frantar et al. 2023, GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
        Transformers, algorithm 1. An input that is always zero gets a 1 on the diagonal, as in
        the authors' code; its weights are rounded like others, where they set them to zero.
    """
    d_in = weight.shape[1]
    if granularity not in ("channel", "group"):
        raise ValueError(f"`granularity` (={granularity!r}) must be channel or group")
    if granularity == "group" and (block_size < 1 or d_in % block_size):
        raise ValueError(f"`d_in` (={d_in}) must be divisible by `block_size` (={block_size})")
    if act_order and granularity == "group":
        raise ValueError("`act_order` mixes the columns of all groups; use granularity='channel'")
    if not 2 <= bits <= 8:
        raise ValueError(f"`bits` (={bits}) must be 2 to 8")
    quantized: QTensor = _gptq(
        jnp.asarray(weight),
        hessian,
        damping,
        bits=bits,
        symmetric=symmetric,
        group=block_size if granularity == "group" else 0,
        act_order=act_order,
    )
    return quantized


@partial(jax.jit, static_argnames=("bits", "symmetric", "group", "act_order"))
def _gptq(
    weight: Array,
    hessian: Array,
    damping: Array,
    *,
    bits: int,
    symmetric: bool,
    group: int,
    act_order: bool,
) -> QTensor:
    d_out, d_in = weight.shape
    qtype = f"int{bits}" if symmetric else f"uint{bits}"
    rest = weight.astype(jnp.float32)
    whole_row = _ranges(rest, qtype)
    order = jnp.argsort(-jnp.diag(hessian)) if act_order else jnp.arange(d_in)
    upper = _inverse_factor(hessian[order][:, order], damping)
    size = group or _largest_divisor(d_in, 128)

    def one_block(rest: Array, start: Array) -> tuple[Array, tuple[Array, tuple[Array, ...]]]:
        block = jax.lax.dynamic_slice_in_dim(rest, start, size, axis=1)
        ranges = _ranges(block, qtype) if group else whole_row
        rows = jax.lax.dynamic_slice_in_dim(upper, start, size, axis=0)  # [size, d_in]
        inner = jax.lax.dynamic_slice_in_dim(rows, start, size, axis=1)
        (_, errors), codes = jax.lax.scan(
            partial(_one_column, ranges=ranges, qtype=qtype),
            (block, jnp.zeros_like(block)),
            (jnp.arange(size), inner),
        )
        # The columns before are done: whatever this writes there is never read again.
        return rest - jnp.matmul(errors, rows, precision="highest"), (codes.T, ranges)

    _, (codes, ranges) = jax.lax.scan(one_block, rest[:, order], jnp.arange(0, d_in, size))
    codes = codes.transpose(1, 0, 2).reshape(d_out, d_in)[:, jnp.argsort(order)]
    scale, zero = (part[..., 0].T if group else part[0] for part in ranges)
    return QTensor(
        qvalue=stored(codes, scale.shape[-1], qtype=qtype, packed=bits < 8),
        scale=scale,
        zero_point=None if symmetric else zero.astype(jnp.uint8),
        tensor_scale=None,
        qtype=qtype,
        shape=weight.shape,
        axis=-1,
        packed=bits < 8,
    )


def _one_column(
    carry: tuple[Array, Array], now: tuple[Array, Array], *, ranges: tuple[Array, Array], qtype: str
) -> tuple[tuple[Array, Array], Array]:
    """Round one column of a block and correct those behind it."""
    (block, errors), (place, factors) = carry, now  # factors: the row of U, [size]
    column = jax.lax.dynamic_index_in_dim(block, place, axis=1)  # [d_out, 1]
    scale, zero = ranges  # [d_out, 1] each
    codes = codes_of(column, scale[:, 0], zero[:, 0].astype(jnp.int32), qtype=qtype)
    error = (column - scale * (codes - zero)) / factors[place]
    errors = jax.lax.dynamic_update_index_in_dim(errors, error[:, 0], place, axis=1)
    return (block - error * factors[None, :], errors), codes[:, 0]


def _ranges(block: Array, qtype: str) -> tuple[Array, Array]:
    """Return scale and zero-point (0 where codes are signed) of each row, `[d_out, 1]` each."""
    bits = int(qtype[-1])
    if qtype.startswith("int"):
        scale = symmetric_scale(block, bits=bits)[:, None]
        return scale, jnp.zeros_like(scale)
    scale, low = (part[:, None] for part in affine_scale(block, bits=bits))
    return scale, jnp.clip(jnp.round(-low / scale), *code_range(qtype))


def _inverse_factor(hessian: Array, damping: Array) -> Array:
    r"""Return upper-triangular $U$ with $U^T U = (H + \lambda I)^{-1}$."""
    diagonal = jnp.diag(hessian)
    dead = (diagonal == 0).astype(hessian.dtype)
    damped = hessian + jnp.diag(dead + damping * diagonal.mean())
    inverse = jax.scipy.linalg.cho_solve((jnp.linalg.cholesky(damped), True), jnp.eye(len(damped)))
    lower: Array = jnp.linalg.cholesky(inverse)
    return lower.T


def _largest_divisor(number: int, limit: int) -> int:
    return next(size for size in range(min(limit, number), 0, -1) if number % size == 0)
