"""The paper of a plot: two layouts, margins, and the two scales that place values on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explainer.site.charts.lettering import LEADING, balanced, width, wrap
from explainer.site.charts.numerals import tick_labels
from explainer.site.charts.plot_data import Axis, Plot
from explainer.site.charts.scales import (
    Category,
    Linear,
    Log,
    Scale,
    linear_ticks,
    log_ticks,
    nice_step,
    rounded_out,
)


@dataclass(frozen=True)
class Layout:
    """One drawing of a chart; charts.css shows the one that fits its column.

    Two drawings, because text that shrinks with a figure is either too small on a phone or too
    large in a column: here it is 13 units in both.

    Args:
        name: `wide` or `narrow`; also a class of the `<svg>`.
        width: Width of the view box.
        height: Height of the view box, unless the data ask for another.
    """

    name: str
    width: float
    height: float


LAYOUTS = (Layout("wide", 600, 330), Layout("narrow", 360, 290))
_ROW = 27.0  # height of a row of horizontal bars


@dataclass(frozen=True)
class Plane:
    """Where values go.

    Args:
        x: Scale of the x axis, placed.
        y: Scale of the y axis, placed.
        flipped: Whether x runs down the left side, as for bars with long names.
        left: Left edge of the plotting area; likewise the other three.
        top: Top edge.
        right: Right edge.
        bottom: Bottom edge.
        height: Height of the view box.
        x_ticks: Values and labels along x.
        y_ticks: Values and labels along y.
    """

    x: Scale
    y: Scale
    flipped: bool
    left: float
    top: float
    right: float
    bottom: float
    height: float
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a pair of values."""
        if self.flipped:
            return self.y.at(y), self.x.at(x)
        return self.x.at(x), self.y.at(y)


def ticks_of(axis: Axis, count: int, language: str) -> tuple[Axis, list[tuple[float, str]]]:
    """Return the axis with bounds moved out to round values, and its ticks.

    Args:
        axis: An axis of numbers.
        count: How many steps at most.
        language: `zh` or `en`.

    Returns:
        The axis, and (value, label) for each tick.
    """
    low, high = _roomy(axis, count)
    axis = replace(
        axis,
        lower=axis.lower if axis.fixed[0] else low,
        upper=axis.upper if axis.fixed[1] else high,
    )
    if axis.scale == "log":
        ticks = log_ticks(axis.lower, axis.upper, axis.base, count)
    else:
        ticks = linear_ticks(axis.lower, axis.upper, count)
    ticks = axis.ticks or ticks
    inside = [tick for tick in ticks if axis.lower <= tick <= axis.upper]
    return axis, list(zip(inside, tick_labels(inside, axis.format, language), strict=True))


def _roomy(axis: Axis, count: int) -> tuple[float, float]:
    """Move bounds out to the next tick where it is near, else a little."""
    if axis.scale == "log":
        room = (axis.upper / axis.lower) ** 0.07
        return axis.lower / room, axis.upper * room
    low, high = rounded_out(axis.lower, axis.upper, count)
    mantissa, exponent = nice_step(axis.upper - axis.lower, count)
    step = mantissa * 10.0**exponent
    near, little = 0.6 * step, 0.12 * step
    if axis.lower != 0 and not 0.01 * step < axis.lower - low <= near:
        # Also where the smallest value is a tick: it must not lie on the frame.
        low = axis.lower - little
    if high - axis.upper > near and axis.upper != 0:
        high = axis.upper + little
    return low, high


def _scale(axis: Axis, start: float, end: float) -> Scale:
    if axis.scale == "category":
        return Category(len(axis.names), start, end)
    if axis.scale == "log":
        return Log(axis.lower, axis.upper, start, end, axis.base)
    return Linear(axis.lower, axis.upper, start, end)


def name_lines(axis: Axis, layout: Layout, language: str) -> tuple[str, ...]:
    """Return the name of an axis in as many lines as the drawing is too narrow for."""
    return wrap(axis.title(language), layout.width)


def names_fit(axis: Axis, room: float) -> bool:
    """Return whether every name stands under its band in at most two lines."""
    band = room / len(axis.names) - 6
    lines = [wrap(name, band) for name in axis.names]
    return all(len(rows) <= 2 and max(map(width, rows)) <= band for rows in lines)


def plane(
    plot: Plot, layout: Layout, language: str, *, right: float, legend: float, height: float | None
) -> Plane:
    """Place the axes of a plot on a layout.

    Args:
        plot: The plot.
        layout: The drawing that it is for.
        language: `zh` or `en`.
        right: Room to leave at the right, for labels at the ends of lines or bars.
        legend: Room to leave at the top.
        height: Height of the view box, if the author set one for the wide layout.

    Returns:
        The plane.
    """
    turned = bool(plot.x.names) and not names_fit(plot.x, layout.width - 60)
    above, below = (plot.x, plot.y) if turned else (plot.y, plot.x)
    top = LEADING * len(name_lines(above, layout, language)) + 14 + legend
    if turned:
        return _flipped(plot, layout, language, right=right, top=top)
    total = layout.height * (height / LAYOUTS[0].height if height else 1)
    under = (layout.width - 60) / max(1, len(plot.x.names)) - 6
    rows = max((len(balanced(name, under)) for name in plot.x.names), default=1)
    named = len(name_lines(below, layout, language))
    bottom = total - LEADING * (rows + named) - 8
    y_axis, y_ticks = ticks_of(plot.y, max(3, round((bottom - top) / 44)), language)
    left = max(width(label) for _, label in y_ticks) + 10
    room = layout.width - left - right
    if plot.x.names:
        x_axis = plot.x
        x_ticks = [(float(index), name) for index, name in enumerate(plot.x.names)]
    else:
        x_axis, x_ticks = _x_ticks(plot, room, language)
        right = max(right, width(x_ticks[-1][1]) / 2 + 2)
    inset = _inset(plot)
    return Plane(
        x=_scale(x_axis, left + inset, layout.width - right - inset),
        y=_scale(y_axis, bottom, top),
        flipped=False,
        left=left,
        top=top,
        right=layout.width - right,
        bottom=bottom,
        height=total,
        x_ticks=tuple(x_ticks),
        y_ticks=tuple(y_ticks),
    )


def _inset(plot: Plot) -> float:
    """Keep marks off the frame where x has numbers."""
    if plot.x.names or plot.of("histogram"):
        return 0.0
    return 8.0


def _x_ticks(plot: Plot, room: float, language: str) -> tuple[Axis, list[tuple[float, str]]]:
    """Return ticks under x as dense as their labels allow; x keeps the bounds of its data."""
    axis = replace(plot.x, fixed=(True, True))
    for count in range(8, 1, -1):
        found, ticks = ticks_of(axis, count, language)
        widest = max((width(label) for _, label in ticks), default=0.0)
        if ticks and (widest + 14) * len(ticks) <= room:
            return found, ticks
    found, ticks = ticks_of(axis, 2, language)
    ends = (axis.lower, axis.upper)
    labels = tick_labels(ends, axis.format, language)
    return found, ticks or list(zip(ends, labels, strict=True))


def _flipped(plot: Plot, layout: Layout, language: str, *, right: float, top: float) -> Plane:
    """Put the names down the left side, a row each."""
    limit = layout.width * 0.42
    names = [wrap(name, limit) for name in plot.x.names]
    left = max(width(line) for lines in names for line in lines) + 10
    lines = max(len(rows) for rows in names)
    series = sum(not mark.stack for mark in plot.of("bars"))
    row = max(_ROW, lines * LEADING + 8, series * 13 + 10)
    bottom = top + row * len(names) + 4
    room = layout.width - left - right
    axis, ticks = ticks_of(plot.y, max(2, round(room / 90)), language)
    while (
        not plot.y.ticks and len(ticks) > 2 and sum(width(label) + 12 for _, label in ticks) > room
    ):
        axis, ticks = ticks_of(plot.y, len(ticks) - 2, language)
    right = max(right, width(ticks[-1][1]) / 2 + 2)
    return Plane(
        x=_scale(plot.x, top + 2, bottom - 2),
        y=_scale(axis, left, layout.width - right),
        flipped=True,
        left=left,
        top=top,
        right=layout.width - right,
        bottom=bottom,
        height=bottom + LEADING * (1 + len(name_lines(plot.y, layout, language))) + 8,
        x_ticks=tuple((float(index), name) for index, name in enumerate(plot.x.names)),
        y_ticks=tuple(ticks),
    )
