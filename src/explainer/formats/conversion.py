"""Arrays on a device, rounded to a format: integer arithmetic, so that every device agrees."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, UInt32

from explainer.formats.encoding import OVERFLOWS, ROUNDINGS
from explainer.formats.number_format import NumberFormat

_P32, _BIAS32 = 23, 127  # of float32, in which values come and go
_MAX_SHIFT = 31


def cast(x: Any, format: NumberFormat) -> Any:
    """Return an array in the dtype of a format, by the library that has it: ml_dtypes or XLA.

    Both round to nearest, ties to even. They differ from `encode` beyond the largest integer:
    ml_dtypes wraps round, XLA saturates.

    Args:
        x: An array of NumPy or of JAX, float.
        format: One with a dtype.

    Returns:
        An array of the same kind. Four bits take a byte here, whatever they take in a file.

    Raises:
        ValueError: If the format has no dtype (TF32, NF4), or XLA cannot compile it (FP6).

    Examples:
        >>> from explainer.formats import BFLOAT16
        >>> cast(jnp.array([0.1]), BFLOAT16).dtype
        dtype(bfloat16)
    """
    dtype = format.dtype
    if dtype is None or (format.bits == 6 and not isinstance(x, np.ndarray)):
        lack = "no dtype" if dtype is None else "no dtype that XLA compiles"
        raise ValueError(f"{format.name} has {lack}: use `round_to_format`, which keeps float32")
    return x.astype(dtype)


@partial(jax.jit, static_argnames=("format", "rounding", "overflow"))
def round_to_format(
    x: Float[Array, "*shape"],
    format: NumberFormat,
    *,
    rounding: str = "nearest",
    overflow: str = "standard",
    key: Array | None = None,
) -> Float[Array, "*shape"]:
    """Return each value rounded to one that the format has, as float32.

    It agrees with `explainer.formats.encode`, whose docstring says what becomes of the rest.
    The bits are worked on as integers: devices that flush subnormal numbers give the same answer.

    Args:
        x: Values in 32 bits or fewer.
        format: Where they shall fit.
        rounding: `nearest`, `toward_zero` or `stochastic`.
        overflow: `standard` or `saturate`.
        key: For `stochastic`. Its probabilities are exact to 2**-31.

    Returns:
        float32, which holds every value of every format but FP64; for FP64 and FP32 `x` as it is.

    Raises:
        ValueError: If `rounding` or `overflow` is unknown, or `key` is missing.
        TypeError: If `x` is float64: it would be rounded twice.

    Examples:
        >>> from explainer.formats import BFLOAT16, TF32
        >>> round_to_format(jnp.array([257.0, 0.1]), BFLOAT16).tolist()
        [256.0, 0.10009765625]
        >>> float(round_to_format(jnp.float32(0.1), TF32))
        0.0999755859375
    """
    if rounding not in ROUNDINGS:
        raise ValueError(f"`rounding` (={rounding!r}) must be one of {ROUNDINGS}")
    if overflow not in OVERFLOWS:
        raise ValueError(f"`overflow` (={overflow!r}) must be one of {OVERFLOWS}")
    if x.dtype.itemsize > 4:
        raise TypeError(f"`x` (={x.dtype}) must have 32 bits or fewer: use `encode` on the host")
    draw = None
    if rounding == "stochastic":
        if key is None:
            raise ValueError("stochastic rounding needs `key` (=None): pass a JAX random key")
        draw = jax.random.bits(key, x.shape, jnp.uint32)
    x = x.astype(jnp.float32)
    if format.kind == "float" and not format.subnormals:
        return _to_power_of_two(x, format, rounding, overflow, draw)
    if format.kind == "float":
        return _to_float(x, format, rounding, overflow, draw)
    if format.kind == "integer":
        return _to_integer(x, format, rounding, draw)
    return _to_codebook(x, format, rounding, draw)


def _to_float(
    x: Float[Array, "*shape"],
    format: NumberFormat,
    rounding: str,
    overflow: str,
    draw: UInt32[Array, "*shape"] | None,
) -> Float[Array, "*shape"]:
    if format.mantissa_bits >= _P32:
        return x
    p, least = format.mantissa_bits, max(format.min_exponent, 1 - _BIAS32)
    bits = jax.lax.bitcast_convert_type(x, jnp.uint32)
    sign, size = bits & jnp.uint32(1 << 31), bits & jnp.uint32((1 << 31) - 1)
    field = (size >> _P32).astype(jnp.int32)
    leading = (field > 0).astype(jnp.uint32) << _P32
    significand = size & jnp.uint32((1 << _P32) - 1) | leading
    exponent = jnp.maximum(field, 1) - _BIAS32

    # How many low bits go: more below the smallest normal number, which makes subnormals.
    shift = _P32 - p + jnp.maximum(least - exponent, 0)
    extra = jnp.maximum(shift - _MAX_SHIFT, 0)  # only for `stochastic`; the rest is zero anyway
    significand = significand >> jnp.minimum(extra, _MAX_SHIFT).astype(jnp.uint32)
    n = _shift_right(significand, jnp.minimum(shift, _MAX_SHIFT), rounding, draw)
    code = (jnp.maximum(exponent, least) - least << p).astype(jnp.uint32) + n

    top = _code_of(format.largest, p, least)
    special = format.largest
    if overflow == "standard" and format.has_nan:
        special = float("inf") if format.has_infinity else float("nan")
    value = _value_of(code, p, least)
    beyond = format.largest if rounding == "toward_zero" else special
    value = jnp.where(code > top, jnp.float32(beyond), value)
    value = jnp.where(jnp.isinf(x), jnp.float32(special), value)
    value = jnp.where(jnp.isnan(x), jnp.float32(jnp.nan if format.has_nan else 0.0), value)
    # ml_dtypes gives -0 for a NaN where there is none.
    sign = jnp.where(jnp.isnan(x) & (not format.has_nan), jnp.uint32(1 << 31), sign)
    as_bits = jax.lax.bitcast_convert_type(value, jnp.uint32)
    signed: Array = jax.lax.bitcast_convert_type(as_bits | sign, jnp.float32)
    return signed


def _to_power_of_two(
    x: Float[Array, "*shape"],
    format: NumberFormat,
    rounding: str,
    overflow: str,
    draw: UInt32[Array, "*shape"] | None,
) -> Float[Array, "*shape"]:
    """Round to E8M0, which is the exponent field of float32."""
    one, least = jnp.uint32(1 << _P32), jnp.uint32(1 << _P32 - 1)  # 2**-126, 2**-127
    size = jax.lax.bitcast_convert_type(x, jnp.uint32)  # what is negative goes at the end
    # From 2**-127 on count as if that were the exponent 0: float32 is subnormal there.
    step = jnp.where(size < one, (jnp.maximum(size, least) - least) * 2, size)
    up = jnp.uint32({"nearest": 1 << _P32 - 1}.get(rounding, 0))
    up = up if draw is None else draw & (one - jnp.uint32(1))
    field = (step + up) >> _P32
    largest = 2 * _BIAS32
    value = jax.lax.bitcast_convert_type(
        jnp.where(field == 0, least, jnp.minimum(field, largest) << _P32), jnp.float32
    )
    beyond = jnp.isinf(x) | ((field > largest) & (rounding != "toward_zero"))
    lost = jnp.isnan(x) | (size == 0) | (beyond & (overflow == "standard"))
    lost = lost | (size >> 31 == 1)
    return jnp.where(lost, jnp.float32(jnp.nan), value)


def _shift_right(
    significand: UInt32[Array, "*shape"],
    shift: Array,
    rounding: str,
    draw: UInt32[Array, "*shape"] | None,
) -> UInt32[Array, "*shape"]:
    """Divide by 2**shift and round to a whole number."""
    shift = shift.astype(jnp.uint32)
    n = significand >> shift
    rest = significand - (n << shift)
    unit = jnp.uint32(1) << shift
    half, odd = unit >> jnp.uint32(1), (n & jnp.uint32(1)) == 1
    up = jnp.zeros(n.shape, bool)
    if draw is not None:
        up = (draw & (unit - jnp.uint32(1))) < rest
    elif rounding == "nearest":
        up = (rest > half) | ((rest == half) & odd)
    return n + up.astype(jnp.uint32)


def _code_of(value: float, p: int, least: int) -> int:
    """Return the place of a positive value when a format's values are counted from zero."""
    exponent = max(math.frexp(value)[1] - 1, least)
    return (exponent - least << p) + int(math.ldexp(value, p - exponent))


def _value_of(code: UInt32[Array, "*shape"], p: int, least: int) -> Float[Array, "*shape"]:
    """Return the value at a place: its bits in float32, which counts in the same way."""
    if least == 1 - _BIAS32:  # the same exponents as float32: only the mantissa is shorter
        same: Array = jax.lax.bitcast_convert_type(code << _P32 - p, jnp.float32)
        return same
    wider = (code << _P32 - p) + jnp.uint32(least - 1 + _BIAS32 << _P32)
    normal = jax.lax.bitcast_convert_type(wider, jnp.float32)
    subnormal = code.astype(jnp.float32) * jnp.float32(2.0 ** (least - p))
    return jnp.where(code < 2**p, subnormal, normal)


def _to_integer(
    x: Float[Array, "*shape"],
    format: NumberFormat,
    rounding: str,
    draw: UInt32[Array, "*shape"] | None,
) -> Float[Array, "*shape"]:
    number = jnp.clip(jnp.nan_to_num(x), format.lowest - 1, format.largest + 1)
    if draw is not None:
        below = jnp.floor(number)
        whole = jnp.where(_uniform(draw) < number - below, below + 1, below)
    else:
        whole = jnp.round(number) if rounding == "nearest" else jnp.trunc(number)
    whole = jnp.clip(whole, format.lowest, format.largest)
    return jnp.where(whole == 0, jnp.float32(0), whole)  # there is no -0


def _to_codebook(
    x: Float[Array, "*shape"],
    format: NumberFormat,
    rounding: str,
    draw: UInt32[Array, "*shape"] | None,
) -> Float[Array, "*shape"]:
    values = jnp.asarray(format.values, jnp.float32)
    number = jnp.clip(jnp.nan_to_num(x), values[0], values[-1])
    lower = jnp.searchsorted(values, number, side="right", method="compare_all") - 1
    lower = jnp.clip(lower, 0, len(format.values) - 2)
    below, above = values[lower], values[lower + 1]
    if draw is not None:
        up = _uniform(draw) < (number - below) / (above - below)
    elif rounding == "nearest":
        up = number > jnp.asarray(_midpoints(format.values))[lower]
    else:
        up = jnp.where(number < 0, number > below, number >= above)
    return jnp.where(up, above, below)


def _midpoints(values: tuple[float, ...]) -> np.ndarray:
    """Return the largest float32 that is not above each midpoint."""
    exact = (np.array(values[1:]) + np.array(values[:-1])) / 2
    near = exact.astype(np.float32)
    below = np.nextafter(near, np.float32(-np.inf))
    return np.asarray(np.where(near > exact, below, near))


def _uniform(draw: UInt32[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Return random bits as a number from 0 to 1, 1 left out."""
    number: Array = (draw >> jnp.uint32(8)).astype(jnp.float32) * jnp.float32(2.0**-24)
    return number
