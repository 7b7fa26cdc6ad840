r"""Which range the codes shall cover: the scale, and for affine codes the zero-point.

All functions here take **blocks**, shape `[..., num_blocks, block_size]`, and return one number a
block: `as_blocks` cuts a weight into them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, Shaped

from explainer.quantization.codebooks import code_range

Granularity = Literal["tensor", "channel", "group"]
Calibration = Literal["absmax", "percentile", "mse"]

# Shares of the whole range that `mse` tries: 1 first, so that a tie keeps every value in range.
MSE_SHARES = tuple(2 ** (-step / 10) for step in range(51))


def as_blocks(
    weight: Shaped[Array, "*lead d_in"], granularity: Granularity, *, block_size: int = 32
) -> Shaped[Array, "*blocks"]:
    """Return the weights that share a scale side by side, one axis more than before.

    Args:
        weight: Shape `[..., d_in]`.
        granularity: `tensor`: all in one block. `channel`: a block a row. `group`: blocks of
            `block_size` along the row.
        block_size: Must divide `d_in`; for `group` alone.

    Returns:
        Shape `[..., num_blocks, block_size]`.

    Raises:
        ValueError: If the weight is empty or has no axis, the granularity is unknown, or blocks
            do not divide a row.
    """
    if not weight.ndim or not weight.size:
        raise ValueError(f"a weight needs at least one axis and one element (got {weight.shape})")
    *lead, d_in = weight.shape
    if granularity == "tensor":
        return weight.reshape(*([1] * weight.ndim), weight.size)
    if granularity == "channel":
        return weight.reshape(*lead, 1, d_in)
    if granularity != "group":
        raise ValueError(f"`granularity` (={granularity!r}) must be tensor, channel or group")
    if block_size < 1 or d_in % block_size:
        raise ValueError(
            f"`d_in` (={d_in}) must be divisible by `block_size` (={block_size}); "
            "choose a block size that divides the row, or granularity='channel'"
        )
    return weight.reshape(*lead, d_in // block_size, block_size)


def symmetric_scale(
    blocks: Float[Array, "*num block_size"],
    *,
    bits: int,
    calibration: Calibration = "absmax",
    percentile: float = 99.9,
) -> Float[Array, "*num"]:
    r"""Return a scale a block for signed codes around zero.

    $s = \max_j |w_j| / (2^{b-1} - 1)$ with `absmax`. `percentile` takes a percentile of $|w|$ for
    the maximum, so that a few outliers are clipped; `mse` the share of the maximum, of 51 from 1
    to 1/32, that makes the squared error of the block least.

    Args:
        blocks: Shape `[..., num_blocks, block_size]`.
        bits: Width of a code, 2 to 8.
        calibration: How the range is found.
        percentile: Of $|w|$, above 0 to 100.

    Returns:
        Scales in the unit of the weights. A block of zeros gets 1; a block that holds a NaN or an
        infinity gets NaN, under every calibration.
    """
    largest_code = code_range(f"int{bits}")[1]
    size = jnp.abs(blocks)
    absmax = size.max(-1)
    if calibration == "absmax":
        top = absmax
    elif calibration == "percentile":
        top = jnp.quantile(size, percentile / 100, axis=-1)
        top = jnp.where(top > 0, top, absmax)  # more zeros than the percentile leaves out
    else:
        top = absmax * _best_share(blocks, absmax, largest_code)
    return _usable(top, absmax, largest_code)


def affine_scale(
    blocks: Float[Array, "*num block_size"],
    *,
    bits: int,
    calibration: Calibration = "absmax",
    percentile: float = 99.9,
    include_zero: bool = True,
) -> tuple[Float[Array, "*num"], Float[Array, "*num"]]:
    r"""Return scale and lower end a block, for unsigned codes from the least to the largest weight.

    $s = (\max w - \min w) / (2^b - 1)$; the zero-point will be $z = -\min w / s$.

    Args:
        blocks: Shape `[..., num_blocks, block_size]`.
        bits: Width of a code, 2 to 8.
        calibration: How the range is found, as in `symmetric_scale`; both ends alike.
        percentile: The upper end; the lower is as far from 0.
        include_zero: Whether the range must hold 0, so that a rounded zero-point is a code.

    Returns:
        Scales, and what code 0 stands for. A block without any range gets scale 1.
    """
    largest_code = code_range(f"uint{bits}")[1]
    low, high = blocks.min(-1), blocks.max(-1)
    span = high - low
    if calibration == "percentile":
        ends = jnp.array([1 - percentile / 100, percentile / 100], blocks.dtype)
        low, high = jnp.quantile(blocks, ends, axis=-1)
    if include_zero:
        low, high = jnp.minimum(low, 0), jnp.maximum(high, 0)
    if calibration == "mse":
        share = _best_affine_share(blocks, low, high, largest_code)
        low, high = low * share, high * share
    return _usable(high - low, span, largest_code), low


def _usable(top: Array, absmax: Array, largest_code: int) -> Array:
    """Divide by the largest code; 1 where nothing is to scale, NaN where a value is not finite."""
    # The sum is the largest code, or NaN. XLA replaces division by a constant by multiplication
    # with its reciprocal; then the last bit would depend on whether the caller is compiled.
    scale = top / (largest_code + 0 * absmax)
    return jnp.where(scale == 0, jnp.ones_like(scale), scale)


def _best_share(blocks: Array, absmax: Array, largest_code: int) -> Array:
    """Return the share of each block's maximum that makes its squared error least."""

    def error(share: Array) -> Array:
        scale = _usable(absmax * share, absmax, largest_code)[..., None]
        codes = jnp.clip(jnp.round(blocks / scale), -largest_code, largest_code)
        return ((scale * codes - blocks) ** 2).sum(-1)

    return _argmin_share(error, absmax)


def _best_affine_share(blocks: Array, low: Array, high: Array, largest_code: int) -> Array:
    def error(share: Array) -> Array:
        scale = _usable((high - low) * share, high - low, largest_code)[..., None]
        zero = jnp.round(-low[..., None] * share / scale)
        codes = jnp.clip(jnp.round(blocks / scale) + zero, 0, largest_code)
        return ((scale * (codes - zero) - blocks) ** 2).sum(-1)

    return _argmin_share(error, low)


def _argmin_share(error: Callable[[Array], Array], like: Array) -> Array:
    """Return, for each block, the share in `MSE_SHARES` of least error; the first of equals."""

    def keep_better(best: tuple[Array, Array], share: Array) -> tuple[tuple[Array, Array], None]:
        found = error(share)
        better = found < best[1]
        return (jnp.where(better, share, best[0]), jnp.where(better, found, best[1])), None

    start = (jnp.ones_like(like), jnp.full_like(like, jnp.inf))
    (shares, _), _ = jax.lax.scan(keep_better, start, jnp.asarray(MSE_SHARES, like.dtype))
    return shares
