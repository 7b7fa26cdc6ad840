"""Names beside what they name: tried place after place; a legend only where none is free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from explainer.site.charts.data import Mark
from explainer.site.charts.lettering import LEADING, SIZE, width
from explainer.site.charts.marks import RADIUS, marker, places, rule_ends
from explainer.site.charts.plane import Plane
from explainer.site.charts.scales import Linear
from explainer.site.charts.svg import Point, polyline, tag, words

Box = tuple[float, float, float, float]
_GAP = 7.0
_BOLD = 1.08  # labels are bold, and wider for it
KEY = 26.0  # width of a swatch in a legend, with its gap


@dataclass(frozen=True)
class Label:
    """A text at a place; `y` is its baseline. The value of a bar has no role."""

    text: str
    x: float
    y: float
    anchor: str
    role: str

    def box(self) -> Box:
        """Return left, top, right, bottom."""
        wide = width(self.text) * _BOLD
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - SIZE * 0.85, left + wide, self.y + SIZE * 0.25

    def beyond(self, x: float, y: float, *, is_level: bool) -> Label:
        """Return it above a level line, or right of an upright one, that would pass through it."""
        left, top, right, bottom = self.box()
        if is_level:
            return replace(self, y=y - 4) if top < y < bottom else self
        return replace(self, x=x + 5, anchor="start") if left - 3 < x < right else self

    def svg(self) -> str:
        """Return the label as SVG."""
        class_ = f"label role-{self.role}" if self.role else "value"
        return words([self.text], x=self.x, y=self.y, anchor=self.anchor, class_=class_)


def around(text: str, place: Point, role: str, gap: float = _GAP) -> list[Label]:
    """Return the four places beside a point: right, above, left, below, then the corners."""
    x, y = place
    level = y + SIZE * 0.35
    return [
        Label(text, x + gap, level, "start", role),
        Label(text, x, y - gap - 1, "middle", role),
        Label(text, x - gap, level, "end", role),
        Label(text, x, y + gap + SIZE * 0.8, "middle", role),
        Label(text, x + gap * 0.7, y - gap * 0.7, "start", role),
        Label(text, x - gap * 0.7, y - gap * 0.7, "end", role),
        Label(text, x + gap * 0.7, y + gap * 0.7 + SIZE * 0.7, "start", role),
        Label(text, x - gap * 0.7, y + gap * 0.7 + SIZE * 0.7, "end", role),
    ]


def end_room(marks: Sequence[Mark], total: float) -> float:
    """Return the room that labels at the ends of lines take, or 0 where it would be too much."""
    ends = [width(mark.label) * _BOLD for mark in marks if mark.kind == "line" and mark.label]
    wide = max(ends, default=0.0)
    return wide + 12 if 0 < wide <= total * 0.26 else 0.0


def place(
    marks: Sequence[Mark], plane: Plane, total: float, bars: Sequence[Box] = ()
) -> list[Label] | None:
    """Name every mark that has a label, beside it.

    Args:
        marks: Points, lines, bands, rules, segments, notes and histograms.
        plane: Where they stand.
        total: Width of the view box.
        bars: What no label may cover, besides the marks.

    Returns:
        The labels, or `None` where one finds no free place, so that a legend is needed.
    """
    if sum(mark.kind in ("points", "segments") and bool(mark.label) for mark in marks) > 2:
        return None  # beside one point of several clouds, a name might be that of any
    taken = [*bars, *obstacles(marks, plane)]
    found: list[Label] = []
    for mark in sorted(marks, key=lambda mark: _order(mark, plane)):
        if not mark.label:
            continue
        blocked = taken + _zero(plane) if mark.kind == "points" else taken
        label = _free(_candidates(mark, plane), blocked, (0.0, plane.top - 8, total, plane.bottom))
        if label is None:
            return None
        found.append(label)
        taken.append(label.box())
    for mark in marks:
        spots = places(mark, plane) if mark.names else []
        # From the right edge inwards: there the free places are fewest.
        for name, spot in sorted(zip(mark.names, spots, strict=True), key=lambda pair: -pair[1][0]):
            inside = (plane.left, plane.top - 12, total, plane.bottom)
            label = _free(around(name, spot, mark.role), taken, inside)
            if label is not None:
                found.append(label)
                taken.append(label.box())
    return found


def _zero(plane: Plane) -> list[Box]:
    """Return what the zero line covers, which is drawn in ink, inside the plot."""
    if not isinstance(plane.y, Linear) or plane.flipped or not plane.y.lower < 0 < plane.y.upper:
        return []
    return [(plane.left, plane.y.at(0) - 1, plane.right, plane.y.at(0) + 1)]


def _order(mark: Mark, plane: Plane) -> tuple[bool, float]:
    """Lines first, from the one that ends highest, so that their names stand as they end."""
    is_line = mark.kind == "line"
    return not is_line, max(places(mark, plane))[1] if is_line else 0.0


def _free(candidates: Iterable[Label], taken: Sequence[Box], frame: Box) -> Label | None:
    for label in candidates:
        left, top, right, bottom = box = label.box()
        inside = left >= frame[0] and top >= frame[1] and right <= frame[2] and bottom <= frame[3]
        if inside and not any(_meet(box, other) for other in taken):
            return label
    return None


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def obstacles(marks: Sequence[Mark], plane: Plane) -> list[Box]:
    """Return small boxes over everything that a label must not cover."""
    taken: list[Box] = []
    for mark in marks:
        if mark.kind in ("points", "note"):
            taken += [_around(spot, RADIUS) for spot in places(mark, plane)]
        elif mark.kind == "line":
            taken += [_around(spot, 2.0) for spot in _walk(places(mark, plane))]
        elif mark.kind == "segments":
            for pair in zip(places(mark, plane), places(mark, plane, "to"), strict=True):
                taken += [_around(spot, 1.5) for spot in _walk(pair)]
        elif mark.kind == "rule":
            taken += [_around(spot, 1.0) for spot in _walk(rule_ends(mark, plane))]
        elif mark.kind == "histogram":
            edges = mark.column("edges")
            for index, count in enumerate(mark.column("counts")):
                (left, base), (right, top) = (
                    plane.at(edges[index], 0),
                    plane.at(edges[index + 1], count),
                )
                taken.append((left, top, right, base))
    return taken


def _around(spot: Point, reach: float) -> Box:
    return spot[0] - reach, spot[1] - reach, spot[0] + reach, spot[1] + reach


def _walk(corners: Sequence[Point]) -> list[Point]:
    """Return points along a line, about five units apart."""
    spots = list(corners[:1])
    for (ax, ay), (bx, by) in pairwise(corners):
        steps = max(1, int(max(abs(bx - ax), abs(by - ay)) // 5))
        spots += [
            (ax + (bx - ax) * s / steps, ay + (by - ay) * s / steps) for s in range(1, steps + 1)
        ]
    return spots


def _candidates(mark: Mark, plane: Plane) -> list[Label]:
    if mark.kind == "line":
        return _beside_line(mark, plane)
    if mark.kind == "rule":
        return _beside_rule(mark, plane)
    if mark.kind == "histogram":
        return _beside_histogram(mark, plane)
    if mark.kind == "note":
        return around(mark.label, places(mark, plane)[0], mark.role, _GAP + 4)
    spots = places(mark, plane, "high" if mark.kind == "band" else "y")
    if mark.kind == "band":
        spots += places(mark, plane, "low")
    extremes = [
        max(spots),
        min(spots, key=lambda s: s[1]),
        min(spots),
        max(spots, key=lambda s: s[1]),
    ]
    first = [label for spot in extremes for label in around(mark.label, spot, mark.role)]
    return first + [label for spot in spots for label in around(mark.label, spot, mark.role)]


def _beside_line(mark: Mark, plane: Plane) -> list[Label]:
    corners = places(mark, plane)
    x, y = max(corners)
    end = Label(mark.label, x + _GAP, y + SIZE * 0.35, "start", mark.role)
    # Ends that lie together are spread, at most by two lines, the lower downwards.
    steps = [step * LEADING / 4 for step in range(9)]
    shifts = [*steps, *(-step for step in steps)]
    found = [replace(end, y=end.y + shift) for shift in shifts]
    along = _walk(corners)
    for share in (0.9, 0.75, 0.6, 0.45, 0.3, 0.15, 0.97, 0.05):
        spot = along[round(share * (len(along) - 1))]
        for gap in (_GAP, _GAP + 5, _GAP + 10):
            found += around(mark.label, spot, mark.role, gap)
    return found


def _beside_rule(mark: Mark, plane: Plane) -> list[Label]:
    (ax, ay), (bx, by) = rule_ends(mark, plane)
    if ay == by:
        ends = [(bx, "end"), (ax + 4, "start")]
        between = [(ax + (bx - ax) * step / 40, "middle") for step in (20, *range(40, 0, -1))]
        return [
            Label(mark.label, x, y, anchor, mark.role)
            for places in (ends, between)
            for y in (ay - 5, ay + SIZE + 1)
            for x, anchor in places
        ]
    return [
        Label(mark.label, x, y, anchor, mark.role)
        for y in (ay + SIZE, ay + SIZE + LEADING, (ay + by) / 2, by - 8)
        for x, anchor in ((ax + 6, "start"), (ax - 6, "end"))
    ]


def _beside_histogram(mark: Mark, plane: Plane) -> list[Label]:
    counts, edges = mark.column("counts"), mark.column("edges")
    order = sorted(range(len(counts)), key=lambda index: -counts[index])
    found = []
    for index in order:
        spot = plane.at((edges[index] + edges[index + 1]) / 2, counts[index])
        found += [
            label for label in around(mark.label, spot, mark.role, 16) if label.y <= spot[1] + SIZE
        ]
    return found


def legend(
    marks: Sequence[Mark], total: float, top: float, fills: Sequence[str | None]
) -> tuple[str, float]:
    """Name marks in rows above the plot.

    Args:
        marks: Marks with labels.
        total: Width of the view box.
        top: Where the first row begins.
        fills: The `fill` of each mark's swatch; `None` for its plain colour.

    Returns:
        SVG markup, and the height that it takes.
    """
    parts, x, y = [], 0.0, top
    for mark, fill in zip(marks, fills, strict=True):
        wide = KEY + width(mark.label) + 16
        if x and x + wide - 16 > total:
            x, y = 0.0, y + LEADING + 4
        parts.append(swatch(mark, x, y + LEADING / 2, fill))
        parts.append(words([mark.label], x=x + KEY, y=y + SIZE, anchor="start", class_="legend"))
        x += wide
    return "".join(parts), y + LEADING + 6 - top


def swatch(mark: Mark, x: float, y: float, fill: str | None) -> str:
    """Return the sample of a mark in a legend; it is not a mark itself."""
    nth = f"role-{mark.role} nth-{(mark.nth - 1) % 3 + 1}"
    if mark.kind in ("line", "segments", "rule"):
        dashed = " dashed" if mark.kind == "line" else ""
        return tag(
            "path", class_=f"key {mark.kind}{dashed} {nth}", d=polyline([(x, y), (x + 20, y)])
        )
    if mark.kind in ("points", "note"):
        return marker(mark.role, (x + 10, y), f"key points {nth}", "")
    shared = " shared" if mark.kind == "histogram" else ""
    hatched = " hatched" if fill else ""
    return tag(
        "rect",
        class_=f"key {mark.kind}{shared}{hatched} {nth}",
        x=x,
        y=y - 6,
        width=20,
        height=12,
        fill=fill,
    )
