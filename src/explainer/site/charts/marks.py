"""Points, lines, bands, rules and segments, each with a shape of its role."""

from __future__ import annotations

import math
from collections.abc import Callable

from explainer.site.charts.data import Mark
from explainer.site.charts.plane import Plane
from explainer.site.charts.svg import Point, polyline, tag, tooltip

Tell = Callable[[Mark, int], str]
RADIUS = 4.2
_MANY = 80  # points beyond which markers are smaller
# Marker of each role: corners on the unit circle as (turn, radius), or a ring of its own.
_CORNERS: dict[str, tuple[int, float, float]] = {
    "parameter": (4, 0.0, 1.25),  # diamond
    "bias": (3, 0.0, 1.3),  # triangle
    "vector": (4, 0.125, 1.25),  # square
    "seal": (5, 0.0, 1.25),  # pentagon
}


def marker(role: str, place: Point, class_: str, title: str, radius: float = RADIUS) -> str:
    """Return the marker of a role: diamond, triangle, square, cross, circle, pentagon or bar.

    Args:
        role: Role of the value.
        place: Centre.
        class_: Classes of the element.
        title: Tooltip.
        radius: Of the circle; the other shapes look as large.

    Returns:
        One SVG element.
    """
    x, y = place
    if role in _CORNERS:
        count, turn, size = _CORNERS[role]
        angles = [2 * math.pi * (turn + step / count) for step in range(count)]
        corners = [
            (x + radius * size * math.sin(a), y - radius * size * math.cos(a)) for a in angles
        ]
        return tag("path", tooltip(title), class_=class_, d=polyline(corners, closed=True))
    if role == "error":
        r = radius * 0.85
        arms = polyline([(x - r, y - r), (x + r, y + r)]) + polyline(
            [(x - r, y + r), (x + r, y - r)]
        )
        return tag("path", tooltip(title), class_=f"{class_} cross", d=arms)
    if role == "neutral":
        r = radius
        arms = polyline([(x - r, y), (x + r, y)]) + polyline([(x, y - r), (x, y + r)])
        return tag("path", tooltip(title), class_=f"{class_} cross", d=arms)
    return tag("circle", tooltip(title), class_=class_, cx=x, cy=y, r=radius)


def classes(mark: Mark, *more: str) -> str:
    """Return the classes that charts.css styles a mark by."""
    nth = f"nth-{(mark.nth - 1) % 3 + 1}"
    return " ".join(("mark", mark.kind, f"role-{mark.role}", nth, *more))


def places(mark: Mark, plane: Plane, key: str = "y") -> list[Point]:
    """Return where the values of a mark stand."""
    return [plane.at(x, y) for x, y in zip(mark.column("x"), mark.column(key), strict=True)]


def points(mark: Mark, plane: Plane, tell: Tell, radius: float = RADIUS) -> str:
    """Return a marker for each value, its error bar below it."""
    if len(mark.column("x")) > _MANY:
        radius *= 0.75
    parts = [whiskers(mark, plane)]
    for index, place in enumerate(places(mark, plane)):
        parts.append(marker(mark.role, place, classes(mark), tell(mark, index), radius))
    return "".join(parts)


def whiskers(mark: Mark, plane: Plane, shift: float = 0.0) -> str:
    """Return the error bars of a mark, if it has any.

    Args:
        mark: Points or bars.
        plane: Where they stand.
        shift: How far along the category axis, for bars side by side.

    Returns:
        SVG markup.
    """
    parts = []
    for x, low, high in zip(
        mark.column("x"), mark.column("low"), mark.column("high"), strict=False
    ):
        (ax, ay), (bx, by) = plane.at(x, low), plane.at(x, high)
        if plane.flipped:
            y = ay + shift
            strokes = [[(ax, y), (bx, y)], [(ax, y - 4), (ax, y + 4)], [(bx, y - 4), (bx, y + 4)]]
        else:
            c = ax + shift
            strokes = [[(c, ay), (c, by)], [(c - 4, ay), (c + 4, ay)], [(c - 4, by), (c + 4, by)]]
        d = "".join(polyline(stroke) for stroke in strokes)
        parts.append(tag("path", class_=f"whisker role-{mark.role}", d=d))
    return "".join(parts)


def line(mark: Mark, plane: Plane, tell: Tell, *, several: bool) -> str:
    """Return a line through the values, in the dash pattern of its role if there are several."""
    corners = places(mark, plane)
    class_ = classes(mark, *(["dashed"] if several else []))
    drawn = tag("path", tooltip(mark.label), class_=class_, d=polyline(corners))
    if mark.markers:
        point = classes(mark).replace(" line ", " vertex ")
        drawn += "".join(
            marker(mark.role, place, point, tell(mark, index))
            for index, place in enumerate(corners)
        )
    return drawn


def band(mark: Mark, plane: Plane) -> str:
    """Return the area between two lines: a spread over seeds."""
    outline = places(mark, plane, "high") + places(mark, plane, "low")[::-1]
    return tag("path", tooltip(mark.label), class_=classes(mark), d=polyline(outline, closed=True))


def rule_ends(mark: Mark, plane: Plane) -> tuple[Point, Point]:
    """Return both ends of a reference line."""
    key = "y" if mark.column("y") else "x"
    scale = plane.y if key == "y" else plane.x
    place = scale.at(mark.column(key)[0])
    if (key == "y") != plane.flipped:
        return (plane.left, place), (plane.right, place)
    return (place, plane.top), (place, plane.bottom)


def rule(mark: Mark, plane: Plane) -> str:
    """Return a reference line across the plot."""
    return tag(
        "path", tooltip(mark.label), class_=classes(mark), d=polyline(rule_ends(mark, plane))
    )


def segments(mark: Mark, plane: Plane, tell: Tell) -> str:
    """Return a stroke from each value to another at the same x: residuals."""
    pairs = zip(places(mark, plane), places(mark, plane, "to"), strict=True)
    return "".join(
        tag("path", tooltip(tell(mark, index)), class_=classes(mark), d=polyline(pair))
        for index, pair in enumerate(pairs)
    )


def note_dot(mark: Mark, plane: Plane) -> str:
    """Return the small ring that a note points at."""
    x, y = places(mark, plane)[0]
    return tag("circle", tooltip(mark.label), class_=classes(mark), cx=x, cy=y, r=RADIUS + 2.5)
