"""Numbers as the readers of a language write them: 671 B and 6710 亿, 4.68 GB, 97.4 %."""

from __future__ import annotations

import functools
import math
import re
from typing import Any

from babel.core import Locale
from babel.numbers import format_decimal

THIN = "\u202f"  # narrow no-break space: between figure and unit, between Latin and Han
MINUS = "\u2212"
_NAMED = re.compile(r"(?:\.(?P<digits>\d+))?(?P<name>count|bytes|ibytes|percent)$")
_BYTES = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_IBYTES = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_COUNTS = {
    "en": ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K")),
    "zh": ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
}
_BOOLEANS = {"en": ("no", "yes"), "zh": ("否", "是")}


class FormatError(ValueError):
    """A value that does not take the format; the message says which would do."""


@functools.cache
def locale(language: str) -> Locale:
    """Return Babel's locale for a language of the site."""
    return Locale.parse({"zh": "zh_Hans_CN"}.get(language, language))


def format_value(value: Any, spec: str, language: str) -> str:
    """Return a value as text.

    Args:
        value: What to show.
        spec: A format of Python's, or `count`, `bytes` (powers of 1000), `ibytes` (powers of
            1024) or `percent`, with digits before it if wanted: `.2bytes`.
        language: "zh" or "en".

    Returns:
        The text, with a true minus sign and narrow spaces before units.

    Raises:
        FormatError: If the value is not finite, is a float without a format, or does not take it.

    Examples:
        >>> format_value(671_026_404_352, "", "en"), format_value(0.97449, "percent", "en")
        ('671,026,404,352', '97.4%')
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise FormatError(f"the value is {value}")
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if named := _NAMED.match(spec):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FormatError(f"`{named['name']}` takes a number, this is {value!r}")
        digits = int(named["digits"]) if named["digits"] else None
        return str(_FORMATS[named["name"]](value, digits, language)).replace("-", MINUS)
    if not spec:
        return _plain(value, language)
    try:
        text = format(value, spec)
    except (ValueError, TypeError) as error:
        raise FormatError(f"{value!r} does not take the format `{spec}`: {error}") from error
    if not isinstance(value, int | float):
        return text
    rounded_away = not any(digit in text for digit in "123456789")
    return text.replace("-", "" if rounded_away else MINUS)  # never a negative zero


def _plain(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return _BOOLEANS[language][value]
    if isinstance(value, int):
        return str(format_decimal(value, locale=locale(language))).replace("-", MINUS)
    if isinstance(value, float):
        raise FormatError(f"a float ({value!r}) needs a format, `:.2f` say")
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(v, int | str) for v in value):
        joint = "、" if language == "zh" else ", "
        return joint.join(_plain(item, language) for item in value)
    raise FormatError(f"a value of type {type(value).__name__} cannot stand in a sentence")


def _significant(value: float, digits: int | None, language: str) -> str:
    """Write three significant figures, or `digits` after the point; never less than the integer."""
    if digits is None:
        exponent = math.floor(math.log10(abs(value))) if value else 0
        digits = max(0, 2 - exponent)
        pattern = "0." + "#" * digits if digits else "0"
    else:
        pattern = "0." + "0" * digits if digits else "0"
    return str(format_decimal(value, format=pattern, locale=locale(language)))


def _count(value: float, digits: int | None, language: str) -> str:
    for size, unit in _COUNTS[language]:
        if abs(value) >= size:
            return f"{_significant(value / size, digits, language)}{THIN}{unit}"
    return (
        _plain(value, language) if isinstance(value, int) else _significant(value, digits, language)
    )


def _scaled(base: int, units: tuple[str, ...]) -> Any:
    def form(value: float, digits: int | None, language: str) -> str:
        power = 0
        while abs(value) >= base ** (power + 1) and power < len(units) - 1:
            power += 1
        shown = _significant(value / base**power, digits if power else 0, language)
        return f"{shown}{THIN}{units[power]}"

    return form


def _percent(value: float, digits: int | None, language: str) -> str:
    return f"{_significant(value * 100, digits, language)}%"


_FORMATS = {
    "count": _count,
    "bytes": _scaled(1000, _BYTES),
    "ibytes": _scaled(1024, _IBYTES),
    "percent": _percent,
}
