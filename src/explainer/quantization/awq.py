r"""AWQ: inputs that are large are divided by a scale, and their weights rounded finer for it."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from explainer.quantization.calibration import Granularity
from explainer.quantization.integers import quantize
from explainer.quantization.qtensor import QTensor

NUM_ALPHAS = 20  # 0, 0.05 … 0.95, as the authors try them


class ScaledWeight(NamedTuple):
    r"""A weight quantized after its columns were scaled.

    Args:
        quantized: Of $W \operatorname{diag}(s)$.
        input_scale: $s$, by which the inputs are to be divided, `[d_in]`; a model folds it into
            the operation before, so that it costs nothing.
        alpha: The exponent that was best.
        errors: Share of the outputs' energy that is error, for each exponent tried.
    """

    quantized: QTensor
    input_scale: Array
    alpha: Array
    errors: Array

    def dequantize(self) -> Float[Array, "d_out d_in"]:
        """Return the weight that plain inputs meet: columns divided by their scales again."""
        return self.quantized.dequantize() / self.input_scale[None, :]


def quantize_awq(
    weight: Float[Array | np.ndarray, "d_out d_in"],
    x: Float[Array, "n d_in"],
    *,
    bits: int = 4,
    symmetric: bool = True,
    granularity: Granularity = "group",
    block_size: int = 32,
) -> ScaledWeight:
    r"""Return the weight quantized under the column scales that change its outputs least.

    $s_j = \overline{|x_j|}^{\,\alpha}$, divided by $\sqrt{\max s \cdot \min s}$; tried is
    $\alpha = 0, 0.05 \dots 0.95$, kept the one of least
    $\lVert X \operatorname{diag}(s)^{-1} Q(W \operatorname{diag}(s))^T - X W^T \rVert^2$.
    With $\alpha = 0$ it is plain rounding, so on the calibration inputs it is never worse.

    Args:
        weight: $W$.
        x: $X$, inputs that the layer really sees.
        bits: Width of a code, 2 to 8.
        symmetric: As in `quantize`.
        granularity: As in `quantize`.
        block_size: Weights that share a scale, for `group` alone.

    Returns:
        Codes, column scales, the exponent and the error of each exponent.

    Raises:
        ValueError: If `x` has no row, or as `quantize` does.

    References:
        Lin et al. 2023, AWQ: Activation-aware Weight Quantization, section 3.2. Their second
        search, for a range to clip to, is `calibration="mse"` of `quantize`, roughly.
    """
    if not len(x):
        raise ValueError("`x` (=0 rows) must hold at least one input to calibrate on")
    found: ScaledWeight = _search(
        jnp.asarray(weight),
        x,
        bits=bits,
        symmetric=symmetric,
        granularity=granularity,
        block_size=block_size,
    )
    return found


@partial(jax.jit, static_argnames=("bits", "symmetric", "granularity", "block_size"))
def _search(
    weight: Array,
    x: Array,
    *,
    bits: int,
    symmetric: bool,
    granularity: Granularity,
    block_size: int,
) -> ScaledWeight:
    importance = jnp.abs(x).mean(0)  # [d_in]
    wanted = jnp.matmul(x, weight.T, precision="highest")

    def scaled(alpha: Array) -> ScaledWeight:
        scale = jnp.maximum(importance**alpha, 1e-4)
        scale = scale / jnp.sqrt(scale.max() * scale.min())
        quantized = quantize(
            weight * scale[None, :],
            bits=bits,
            symmetric=symmetric,
            granularity=granularity,
            block_size=block_size,
        )
        return ScaledWeight(quantized, scale, alpha, alpha)

    def error(alpha: Array) -> Array:
        found = jnp.matmul(x, scaled(alpha).dequantize().T, precision="highest")
        return ((found - wanted) ** 2).sum() / (wanted**2).sum()

    alphas = jnp.arange(NUM_ALPHAS, dtype=weight.dtype) / NUM_ALPHAS
    errors = jax.lax.map(error, alphas)
    return scaled(alphas[errors.argmin()])._replace(errors=errors)
