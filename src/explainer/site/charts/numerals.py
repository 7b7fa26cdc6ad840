"""Numbers on ticks, in tooltips and in table twins, where an author may give no format."""

from __future__ import annotations

import math
from collections.abc import Sequence

from babel.numbers import format_decimal

from explainer.site.numerals import MINUS, format_value, locale

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def formatted(value: float, spec: str, language: str) -> str:
    """Return a number by a format of the site, or without one by its size.

    Args:
        value: A finite number.
        spec: A format of `explainer.site.numerals`; or empty: integers in full, others with four
            significant digits.
        language: `zh` or `en`.

    Returns:
        Plain text with a true minus sign.

    Raises:
        ValueError: If the number does not take the format.

    Examples:
        >>> formatted(0.25, "percent", "en"), formatted(1234567.0, "", "en")
        ('25%', '1,234,567')
    """
    whole = float(value).is_integer()
    # Columns are floats; formats of integers (`,` or `d`) are meant for the number itself.
    number: float = int(value) if whole and (not spec or spec[-1] in "dxob,_") else value
    if spec or (whole and abs(value) < 1e15):
        return format_value(number, spec, language)
    return _significant(value, language).replace("-", MINUS)


def _significant(value: float, language: str) -> str:
    exponent = math.floor(math.log10(abs(value)))
    if not -4 <= exponent < 15:
        return scientific(value, digits=3)
    places = max(0, 3 - exponent)
    pattern = "#,##0" + ("." + "#" * places if places else "")
    return str(format_decimal(value, format=pattern, locale=locale(language)))


def scientific(value: float, *, digits: int = 2) -> str:
    """Return a mantissa times a power of ten, or the power alone where the mantissa is one.

    Examples:
        >>> scientific(1e-7), scientific(2.5e20)
        ('10⁻⁷', '2.5×10²⁰')
    """
    exponent = math.floor(math.log10(abs(value)) + 1e-9)
    mantissa = _trimmed(f"{value / 10.0**exponent:.{digits}f}")
    power = f"10{str(exponent).translate(_SUPERSCRIPT)}"
    return power if mantissa == "1" else f"{mantissa}×{power}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def tick_labels(ticks: Sequence[float], spec: str, language: str) -> list[str]:
    """Return the labels of an axis: short, and alike.

    Args:
        ticks: Values in rising order.
        spec: Format as in `formatted`; empty chooses by the largest tick.
        language: `zh` or `en`.

    Returns:
        One label a tick.

    Examples:
        >>> tick_labels([-0.5, 0.0, 0.5], "", "en")
        ['−0.5', '0', '0.5']
        >>> [label.replace("\u202f", " ") for label in tick_labels([0, 20_000], "", "zh")]
        ['0', '2 万']
    """
    if spec:
        return [formatted(tick, spec, language) for tick in ticks]
    largest = max((abs(tick) for tick in ticks), default=0.0)
    return [_tick(tick, largest, language).replace("-", MINUS) for tick in ticks]


def _tick(value: float, largest: float, language: str) -> str:
    if value == 0:
        return "0"
    if abs(value) >= 1e16 or abs(value) < 1e-4:
        return scientific(value)
    if largest >= 10_000 and abs(value) >= 1000:
        return format_value(value, "count", language)
    # Years and other four-figure ticks stand without a separator.
    return _trimmed(f"{value:.6f}")
