"""How wide a text will be, without asking a font: the same answer on every machine."""

from __future__ import annotations

import re
import unicodedata

SIZE = 13.0  # units of the view box; charts.css sets the same size on every text
LEADING = 16.0

_NARROW = frozenset(" \u2009\u202f.,:;'|!ijl()[]·’‘")
_WIDE = frozenset("mwMW@%—−+=×")
_FIGURES = frozenset("0123456789")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def width(text: str, size: float = SIZE) -> float:
    """Estimate the width of a line of text.

    Han and full-width signs count 1 em, narrow Latin letters 0.3, capitals 0.7, figures 0.63,
    other letters 0.6: a little more than most fonts need, so that labels err on the side of room.

    Args:
        text: One line.
        size: Font size, in units of the view box.

    Returns:
        Width, in units of the view box.

    Examples:
        >>> width("参数", size=10.0)
        20.0
    """
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.3
    if character in _WIDE:
        return 0.85
    if character.isupper():
        return 0.7
    # Tabular figures are wider than most letters.
    return 0.63 if character in _FIGURES else 0.6


def wrap(text: str, room: float, size: float = SIZE) -> tuple[str, ...]:
    """Break a text into lines that fit; between Latin words, or between any two Han characters.

    Args:
        text: Text without line breaks.
        room: Width of a line, in units of the view box. A single word may be wider.
        size: Font size, in units of the view box.

    Returns:
        The lines, at least one.

    Examples:
        >>> wrap("feed-forward network", 90.0)
        ('feed-forward', 'network')
    """
    lines = [""]
    for piece in _pieces(text):
        longer = lines[-1] + piece
        if lines[-1].strip() and width(longer.rstrip(), size) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
        else:
            lines[-1] = longer
    return tuple(line.rstrip() for line in lines)


def balanced(text: str, room: float, size: float = SIZE) -> tuple[str, ...]:
    """Break a text as `wrap` does, in lines about equally long, so that no sign stands alone.

    Args:
        text: Text without line breaks.
        room: Width of a line, in units of the view box.
        size: Font size, in units of the view box.

    Returns:
        The lines, no more than `wrap` gives.

    Examples:
        >>> balanced("前馈网络", 40.0)
        ('前馈', '网络')
    """
    lines = wrap(text, room, size)
    while len(lines) > 1 and room > size:
        room -= size / 4
        tighter = wrap(text, room, size)
        if len(tighter) > len(lines) or max(width(line, size) for line in tighter) > room:
            break
        lines = tighter
    return lines


def by_words(name: str, room: float) -> tuple[str, ...]:
    """Break a name as `wrap` does, but in Chinese between words of two signs, or not at all.

    Args:
        name: A name without line breaks.
        room: Width of a line, in units of the view box. A single word may be wider.

    Returns:
        The lines, at least one.

    Examples:
        >>> by_words("稠密前馈网络", 60.0), by_words("输出头", 20.0)
        (('稠密前馈', '网络'), ('输出头',))
    """
    if not _HAN.fullmatch(name):
        return wrap(name, room)
    if len(name) % 2:
        return (name,)
    pairs = max(1, int(room // width(name[:2])))
    return tuple(name[at : at + 2 * pairs] for at in range(0, len(name), 2 * pairs))


def _pieces(text: str) -> list[str]:
    """Split where a line may break; closing signs stay with what stands before them."""
    pieces: list[str] = []
    for character in text:
        opens = not pieces or pieces[-1].endswith((" ", "\u2009"))
        han = unicodedata.east_asian_width(character) in "WF"
        closing = character in "，。、；：）》」』”！？"
        after_han = bool(pieces) and unicodedata.east_asian_width(pieces[-1][-1]) in "WF"
        breaks = opens or han or (after_han and character.isalnum())
        if breaks and not closing and character != " ":
            pieces.append(character)
        elif pieces:
            pieces[-1] += character
    return pieces or [""]
