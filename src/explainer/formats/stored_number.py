"""What a number becomes in a format, with everything there is to say about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from explainer.formats.decoding import bit_string, decode, fields
from explainer.formats.encoding import encode
from explainer.formats.neighbours import neighbours
from explainer.formats.number_format import NumberFormat


@dataclass(frozen=True)
class StoredNumber:
    """A number as a format holds it.

    Args:
        input: What was to be stored.
        format: Name of the format.
        bits: Its bits, most significant first.
        sign: The sign bit; None where there is none.
        exponent: The exponent field as stored, its bias still in it; None unless a float.
        mantissa: The mantissa field; None where there is none.
        value: What the bits mean.
        error: `value` less `input`; NaN where either is not finite, unless they are equal.
        below: The value of the format next below `value`; NaN if there is none.
        above: The value next above; NaN if there is none.
        overflowed: Whether `input`, rounded, lies beyond the largest or lowest finite value.
    """

    input: float
    format: str
    bits: str
    sign: int | None
    exponent: int | None
    mantissa: int | None
    value: float
    error: float
    below: float
    above: float
    overflowed: bool


def store(
    format: NumberFormat,
    x: float | int,
    *,
    rounding: str = "nearest",
    overflow: str = "standard",
    key: int | None = None,
) -> StoredNumber:
    """Return what becomes of a number.

    Args:
        format: Where to store it.
        x: Any number, infinities and NaN included.
        rounding: As for `encode`.
        overflow: As for `encode`.
        key: As for `encode`.

    Returns:
        Bits, value, error and neighbours.

    Raises:
        ValueError: If `rounding` or `overflow` is unknown, or `key` is missing.

    Examples:
        >>> from explainer.formats import BFLOAT16
        >>> stored = store(BFLOAT16, 0.1)
        >>> stored.bits, stored.value, stored.below, stored.overflowed
        ('0011110111001101', 0.10009765625, 0.099609375, False)
    """
    x = float(x)
    code = int(encode(format, x, rounding=rounding, overflow=overflow, key=key))
    value = float(decode(format, code))
    below, above = neighbours(format, value)
    parts = fields(format, code)
    return StoredNumber(
        input=x,
        format=format.name,
        bits=bit_string(format, code),
        sign=parts.sign,
        exponent=parts.exponent,
        mantissa=parts.mantissa,
        value=value,
        error=0.0 if value == x else value - x,
        below=below,
        above=above,
        overflowed=_overflows(format, x, value, rounding, key),
    )


def _overflows(
    format: NumberFormat, x: float, value: float, rounding: str, key: int | None
) -> bool:
    """Return whether a number rounds to one beyond the ends: with a bit more it would be there."""
    if math.isnan(x) or value == x:
        return False
    if math.isinf(x):
        return format.signed or x > 0
    if format.kind == "codebook":
        return not format.lowest <= x <= format.largest
    if format.bits == 64:
        return math.isinf(value)
    if format.kind == "integer":
        wider = replace(format, bits=62, signed=True)
    else:
        more = format.exponent_bits + 1
        wider = replace(format, bits=format.bits + 1, exponent_bits=more)
    code = encode(wider, x, rounding=rounding, overflow="saturate", key=key)
    unbounded = float(decode(wider, code))
    below_range = format.signed or format.kind == "integer"
    return unbounded > format.largest or (below_range and unbounded < format.lowest)
