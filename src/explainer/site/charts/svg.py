"""Write SVG and HTML as text: escaped, in the order given, numbers to two decimals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

Point = tuple[float, float]
_TOLD = re.compile(r"><title>[^<]*</title></\w+>")


def number(value: float) -> str:
    """Return a coordinate with at most two decimals, so that equal charts are equal bytes.

    Args:
        value: A coordinate in units of the view box.

    Returns:
        The shortest text of the rounded value.

    Examples:
        >>> number(12.3456), number(3.0), number(-0.001)
        ('12.35', '3', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name: str, *children: str, **attributes: str | float | None) -> str:
    """Return one element; children are markup already, attributes are escaped here.

    Args:
        name: Name of the element.
        children: Markup of what stands inside; none gives an empty element.
        attributes: Values by name. `None` leaves an attribute out, `_` in a name is `-`, and a
            trailing `_` is dropped (`class_`).

    Returns:
        The markup.

    Examples:
        >>> tag("rect", class_="mark", x=1.5, data_expr="a < b")
        '<rect class="mark" x="1.5" data-expr="a &lt; b"/>'
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        label = key.rstrip("_").replace("_", "-")
        text = value if isinstance(value, str) else number(value)
        parts.append(f'{label}="{escape(text)}"')
    opening = " ".join(parts)
    inner = "".join(children)
    return f"<{opening}>{inner}</{name}>" if inner else f"<{opening}/>"


def tooltip(text: str) -> str:
    """Return the `<title>` that a browser shows when a mark is pointed at."""
    return tag("title", escape(text)) if text else ""


def tooltips_dropped(markup: str) -> str:
    """Return markup without what `tooltip` put into it.

    Examples:
        >>> tooltips_dropped(tag("rect", tooltip("a: 1"), x=2))
        '<rect x="2"/>'
    """
    return _TOLD.sub("/>", markup)


def polyline(points: Iterable[Point], *, closed: bool = False) -> str:
    """Return path data through `points`, straight from one to the next.

    Curves have many corners: theirs are to a tenth of a unit, finer than a screen shows, and said
    as steps from the one before, which compress well.

    Args:
        points: Corners, in units of the view box.
        closed: Whether the last corner joins the first.

    Returns:
        The value of a `d` attribute.

    Examples:
        >>> polyline([(0, 0), (2, 1), (2.54, 0.98)])
        'M0 0l2 1 .5 0'
    """
    corners = [(round(10 * x), round(10 * y)) for x, y in points]
    steps = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(corners)]
    line = " ".join(f"{_tenths(right)} {_tenths(down)}" for right, down in steps)
    start = f"M{_tenths(corners[0][0])} {_tenths(corners[0][1])}"
    return start + (f"l{line.replace(' -', '-')}" if steps else "") + ("z" if closed else "")


def _tenths(value: int) -> str:
    """Return a number of tenths as SVG reads it, without what may be left out."""
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole or ''}.{rest}" if rest else f"{sign}{whole}"


def words(
    lines: Sequence[str], *, x: float, y: float, anchor: str, class_: str, leading: float = 16
) -> str:
    """Return text in one or several lines, its first baseline at `y`.

    Args:
        lines: Plain text, a line each.
        x: Where the text starts, is centred, or ends.
        y: Baseline of the first line.
        anchor: `start`, `middle` or `end`.
        class_: Classes of the element.
        leading: Distance between baselines.

    Returns:
        One `<text>` element.
    """
    place = None if anchor == "start" else anchor
    if len(lines) == 1:
        return tag("text", escape(lines[0]), class_=class_, x=x, y=y, text_anchor=place)
    spans = [
        tag("tspan", escape(line), x=x, dy=None if row == 0 else leading)
        for row, line in enumerate(lines)
    ]
    return tag("text", *spans, class_=class_, x=x, y=y, text_anchor=place)
