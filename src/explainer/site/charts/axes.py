"""The ruled ground of a plot: grid lines, ticks, and the names of both axes."""

from __future__ import annotations

from explainer.site.charts.lettering import LEADING, SIZE, balanced, width, wrap
from explainer.site.charts.plane import Layout, Plane, name_lines
from explainer.site.charts.plot_data import Axis, Plot
from explainer.site.charts.scales import Category
from explainer.site.charts.svg import polyline, tag, words


def axes(plot: Plot, plane: Plane, layout: Layout, language: str) -> str:
    """Return everything that stands behind the marks.

    Args:
        plot: The plot.
        plane: Where it stands.
        layout: The drawing that it is for.
        language: `zh` or `en`.

    Returns:
        SVG markup.
    """
    ground = _rules(plot, plane)
    if plane.flipped:
        return ground + _flipped_labels(plot, plane, layout, language)
    return ground + _labels(plot, plane, layout, language)


def _rules(plot: Plot, plane: Plane) -> str:
    """Rule the values of y across the plot; the zero line is drawn in ink."""
    parts = []
    for value, _ in plane.y_ticks:
        place = plane.y.at(value)
        ends = (
            [(place, plane.top), (place, plane.bottom)]
            if plane.flipped
            else [(plane.left, place), (plane.right, place)]
        )
        zero = value == 0 and plot.y.scale == "linear"
        parts.append(tag("path", class_="zero" if zero else "grid", d=polyline(ends)))
    if plane.flipped and not plot.of("bars"):
        rows = [plane.x.at(value) for value, _ in plane.x_ticks]
        parts += [
            tag("path", class_="grid", d=polyline([(plane.left, row), (plane.right, row)]))
            for row in rows
        ]
    floor = [(plane.left, plane.bottom), (plane.right, plane.bottom)]
    side = [(plane.left, plane.top), (plane.left, plane.bottom)]
    # Where names stand below bars that fall under zero, a second base line would mislead.
    if plane.flipped or not plot.x.names or plot.y.lower >= 0:
        parts.append(tag("path", class_="axis", d=polyline(side if plane.flipped else floor)))
    return "".join(parts)


def _labels(plot: Plot, plane: Plane, layout: Layout, language: str) -> str:
    parts = [
        words(
            [label],
            x=plane.left - 8,
            y=plane.y.at(value) + SIZE * 0.35,
            anchor="end",
            class_="tick",
        )
        for value, label in plane.y_ticks
    ]
    for value, label in plane.x_ticks:
        place = plane.x.at(value)
        lines = [label]
        if isinstance(plane.x, Category):
            lines = list(balanced(label, plane.x.band - 4))
        else:
            stroke = polyline([(place, plane.bottom), (place, plane.bottom + 4)])
            parts.append(tag("path", class_="axis", d=stroke))
        parts.append(
            words(
                lines, x=place, y=plane.bottom + 18, anchor="middle", class_="tick", leading=LEADING
            )
        )
    return "".join(parts) + _names(plot.y, plot.x, plane, layout, language)


def _names(top: Axis, bottom: Axis, plane: Plane, layout: Layout, language: str) -> str:
    """Write one axis name above the plot, the other below its end, or later where it is longer."""
    lines = name_lines(top, layout, language)
    above = words(lines, x=0, y=SIZE, anchor="start", class_="name", leading=LEADING)
    lines = name_lines(bottom, layout, language)
    end = max(plane.right, *map(width, lines))
    y = plane.height - 5 - LEADING * (len(lines) - 1)
    return above + words(lines, x=end, y=y, anchor="end", class_="name", leading=LEADING)


def _flipped_labels(plot: Plot, plane: Plane, layout: Layout, language: str) -> str:
    parts = []
    for value, label in plane.x_ticks:
        lines = list(wrap(label, layout.width * 0.42))
        first = plane.x.at(value) + SIZE * 0.35 - (len(lines) - 1) * LEADING / 2
        parts.append(
            words(lines, x=plane.left - 8, y=first, anchor="end", class_="tick", leading=LEADING)
        )
    for value, label in plane.y_ticks:
        parts.append(
            words([label], x=plane.y.at(value), y=plane.bottom + 18, anchor="middle", class_="tick")
        )
    return "".join(parts) + _names(plot.x, plot.y, plane, layout, language)
