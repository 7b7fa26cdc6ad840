"""How densely the values of a format lie: the spacing at a number and the values beside it."""

from __future__ import annotations

import math
from bisect import bisect_right

from explainer.formats.decoding import decode
from explainer.formats.encoding import encode
from explainer.formats.number_format import NumberFormat


def spacing(format: NumberFormat, x: float | int) -> float:
    r"""Return the distance between the values of a format around `x`: $2^{e - p}$ for a float.

    Args:
        format: Whose values.
        x: Any number. Where it is a value, the distance is that to the next one away from zero,
            and at the largest value that to the one before.

    Returns:
        A positive number; NaN for what lies beyond the largest or lowest value.

    Examples:
        >>> from explainer.formats import BFLOAT16, INT8
        >>> spacing(BFLOAT16, 1.0), spacing(BFLOAT16, 257.0), spacing(INT8, 100.0)
        (0.0078125, 2.0, 1.0)
    """
    largest = format.largest if x >= 0 else -format.lowest
    if not abs(x) <= largest:
        return math.nan
    if format.kind == "integer":
        return 1.0
    if format.kind == "codebook":
        lower = min(bisect_right(format.values, x), len(format.values) - 1) - 1
        return format.values[lower + 1] - format.values[lower]
    exponent = max(math.frexp(x)[1] - 1, format.min_exponent) if x else format.min_exponent
    return math.ldexp(1.0, exponent - format.mantissa_bits)


def neighbours(format: NumberFormat, x: float | int) -> tuple[float, float]:
    """Return the largest value of a format that is below `x`, and the smallest above it.

    Args:
        format: Whose values.
        x: Any number, a value of the format or not.

    Returns:
        Below and above. Beyond the last finite value stands an infinity if the format has one,
        and NaN if not; so do both for a NaN.

    Examples:
        >>> from explainer.formats import BFLOAT16, FLOAT8_E4M3FN
        >>> neighbours(BFLOAT16, 257.0), neighbours(FLOAT8_E4M3FN, 448.0)
        ((256.0, 258.0), (416.0, nan))
    """
    if math.isnan(x):
        return math.nan, math.nan
    least, greatest = _ordinal_range(format)
    here = _ordinal(format, x)
    beside = [at for at in (here - 1, here, here + 1) if least <= at <= greatest]
    values = [_value(format, at) for at in beside]
    end = math.inf if format.has_infinity else math.nan
    below = max((value for value in values if value < x), default=-end)
    above = min((value for value in values if value > x), default=end)
    # An infinity has no value beyond it.
    return (math.nan if x == -math.inf else below), (math.nan if x == math.inf else above)


def _ordinal_range(format: NumberFormat) -> tuple[int, int]:
    """Return the places of the first and last value when all are counted upwards."""
    if format.kind == "integer":
        return int(format.lowest), int(format.largest)
    first = -format.largest_code if format.signed and format.kind == "float" else 0
    return first, format.largest_code


def _ordinal(format: NumberFormat, x: float) -> int:
    """Return the place of the value at or next to `x`."""
    least, greatest = _ordinal_range(format)
    inside = min(max(x, format.lowest), format.largest)
    if format.kind == "integer":
        return math.trunc(inside)
    code = int(encode(format, inside, rounding="toward_zero"))
    if format.kind == "codebook" or not format.signed:
        return min(code, greatest)
    magnitude = code & (1 << format.bits - 1) - 1
    return max(least, -magnitude) if inside < 0 else magnitude


def _value(format: NumberFormat, ordinal: int) -> float:
    if format.kind == "integer":
        return float(ordinal)
    value = float(decode(format, abs(ordinal)))
    return -value if ordinal < 0 else value
