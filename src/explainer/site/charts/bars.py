"""Bars and histograms: lengths from zero, with a hatch of their role where roles meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explainer.site.charts.data import Mark
from explainer.site.charts.labels import Box, Label
from explainer.site.charts.lettering import SIZE, width
from explainer.site.charts.marks import Tell, classes, whiskers
from explainer.site.charts.plane import Plane
from explainer.site.charts.plot_data import stack_ends
from explainer.site.charts.scales import Category
from explainer.site.charts.svg import tag, tooltip

_GAP = 0.30  # share of a band left empty
_WIDEST = 46.0

# Hatches on a tile of 8 units, in the paper's colour on the role's.
_HATCHES = {
    "bias": "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "vector": "M4 0V8",
    "error": "M0 0L8 8M0 8L8 0",
    "data": "M0 4H8",
    "seal": "M-2 6L2 10M0 0L8 8M6 -2L10 2",
    "neutral": "M0 4H8M4 0V8",
}


@dataclass(frozen=True)
class Bar:
    """One bar: which value of which mark, and its corners."""

    mark: Mark
    index: int
    left: float
    top: float
    width: float
    height: float


def hatches(marks: Sequence[Mark], prefix: str) -> str:
    """Return the patterns that bars of several series are filled with.

    Args:
        marks: Bars.
        prefix: What ids begin with, so that charts cannot collide.

    Returns:
        A `<defs>` element, or nothing for a single series, which needs no telling apart.
    """
    if len(marks) < 2:
        return ""
    patterns = []
    for key in dict.fromkeys((mark.role, mark.nth) for mark in marks):
        role, nth = key
        strokes = _HATCHES.get(role, "") if nth == 1 else _HATCHES["bias" if nth == 2 else "vector"]
        patterns.append(
            tag(
                "pattern",
                tag("rect", class_="ground", width=8, height=8),
                tag("path", class_="stroke", d=strokes) if strokes else "",
                id=f"{prefix}-hatch-{role}-{nth}",
                class_=f"role-{role} nth-{nth}",
                width=8,
                height=8,
                patternUnits="userSpaceOnUse",
            )
        )
    return tag("defs", *patterns)


def fill(mark: Mark, prefix: str, *, several: bool) -> str | None:
    """Return the `fill` of a mark among several, or `None` for the plain colour."""
    return f"url(#{prefix}-hatch-{mark.role}-{mark.nth})" if several else None


def layout(marks: Sequence[Mark], plane: Plane) -> list[Bar]:
    """Return the corners of all bars; series side by side, or one on another where stacked.

    Args:
        marks: Series of bars.
        plane: Where they stand; x has categories.

    Returns:
        Bars in the order of their series.
    """
    assert isinstance(plane.x, Category)
    slots = [0] * len(marks)
    for index in range(1, len(marks)):
        slots[index] = slots[index - 1] + (0 if marks[index].stack else 1)
    each = min(_WIDEST, plane.x.band * (1 - _GAP) / (slots[-1] + 1))
    ends = iter(stack_ends(marks))
    found = []
    for mark, slot in zip(marks, slots, strict=True):
        shift = (slot - slots[-1] / 2) * each
        for index, (x, y) in enumerate(zip(mark.column("x"), mark.column("y"), strict=True)):
            _, top = next(ends)
            middle = plane.x.at(x) + shift
            one, two = sorted((plane.y.at(top - y), plane.y.at(top)))
            trim = 0.5 if slots[-1] else 0.0  # a hair of paper between neighbours
            side = middle - each / 2 + trim
            if plane.flipped:
                found.append(Bar(mark, index, one, side, two - one, each - 2 * trim))
            else:
                found.append(Bar(mark, index, side, one, each - 2 * trim, two - one))
    return found


def bars(marks: Sequence[Mark], plane: Plane, tell: Tell, prefix: str) -> str:
    """Return all bars of a plot with their error bars.

    Args:
        marks: Series of bars.
        plane: Where they stand.
        tell: Gives the tooltip of a value.
        prefix: What ids begin with.

    Returns:
        SVG markup.
    """
    several = len(marks) > 1
    parts, shifts = [], {}
    for bar in layout(marks, plane):
        middle = bar.top + bar.height / 2 if plane.flipped else bar.left + bar.width / 2
        shifts[id(bar.mark)] = middle - plane.x.at(bar.mark.column("x")[bar.index])
        parts.append(
            tag(
                "rect",
                tooltip(tell(bar.mark, bar.index)),
                class_=classes(bar.mark, *(["hatched"] if several else [])),
                x=bar.left,
                y=bar.top,
                width=bar.width,
                height=bar.height,
                fill=fill(bar.mark, prefix, several=several),
            )
        )
    parts += [whiskers(mark, plane, shifts[id(mark)]) for mark in marks]
    return "".join(parts)


def value_labels(mark: Mark, values: Sequence[str], plane: Plane) -> list[Label]:
    """Return the value of each bar at its end, or nothing where one would not fit.

    Args:
        mark: The only series of the plot.
        values: Its values, formatted.
        plane: Where it stands.
    """
    assert isinstance(plane.x, Category)
    if not plane.flipped and max(map(width, values)) > plane.x.band - 4:
        return []
    found = []
    lows, highs = (mark.column(key) or mark.column("y") for key in ("low", "high"))
    for bar, value in zip(layout([mark], plane), values, strict=True):
        rises = mark.column("y")[bar.index] >= 0
        tip = plane.y.at(highs[bar.index] if rises else lows[bar.index])
        if plane.flipped:
            x, anchor = (tip + 6, "start") if rises else (tip - 6, "end")
            y = bar.top + bar.height / 2 + SIZE * 0.35
        else:
            x, anchor = bar.left + bar.width / 2, "middle"
            y = tip - 6 if rises else tip + SIZE + 3
        found.append(Label(value, x, y, anchor, role=""))
    return found


def boxes(marks: Sequence[Mark], values: Sequence[Label], plane: Plane) -> list[Box]:
    """Return what bars and their values cover."""
    corners = [
        (bar.left, bar.top, bar.left + bar.width, bar.top + bar.height)
        for bar in layout(marks, plane)
    ]
    return corners + [value.box() for value in values]


def histogram(mark: Mark, plane: Plane, tell: Tell, *, shared: bool) -> str:
    """Return the columns of a histogram; they lie over each other where there are several."""
    parts = []
    edges = mark.column("edges")
    class_ = classes(mark, *(["shared"] if shared else []))
    for index, count in enumerate(mark.column("counts")):
        (left, base), (right, top) = plane.at(edges[index], 0.0), plane.at(edges[index + 1], count)
        parts.append(
            tag(
                "rect",
                tooltip(tell(mark, index)),
                class_=class_,
                x=left,
                y=min(base, top),
                width=right - left,
                height=abs(base - top),
            )
        )
    return "".join(parts)
