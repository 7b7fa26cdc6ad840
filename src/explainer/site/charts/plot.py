"""Compose a plot: ground, marks, and names, on one layout."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.site.charts import bars as bar_marks
from explainer.site.charts import labels, marks
from explainer.site.charts.axes import axes
from explainer.site.charts.data import Mark
from explainer.site.charts.lettering import width
from explainer.site.charts.numerals import formatted
from explainer.site.charts.plane import Layout, Plane, plane
from explainer.site.charts.plot_data import Axis, Plot

_FEW = 14  # bars that may carry their values


def draw(plot: Plot, layout: Layout, language: str, height: float | None) -> tuple[str, float]:
    """Draw a plot.

    Args:
        plot: The plot.
        layout: The drawing that it is for.
        language: `zh` or `en`.
        height: Height that the author set for the wide layout.

    Returns:
        SVG markup without its root, and the height of the view box.
    """
    series = plot.of("bars")
    named = [mark for mark in plot.marks if mark.label]
    prefix = f"{plot.id}-{layout.name}"
    right = max(4.0, labels.end_room(plot.marks, layout.width), _value_room(plot, layout, language))
    ground = plane(plot, layout, language, right=right, legend=0, height=height)
    beside = [] if series and len(series) > 1 else _beside(plot, ground, layout, language)
    key = ""
    if beside is None or len(series) > 1:
        listed = list(series) if beside == [] else named
        fills = [
            bar_marks.fill(mark, prefix, several=len(series) > 1) if mark.kind == "bars" else None
            for mark in listed
        ]
        room = max(4.0, _value_room(plot, layout, language))
        key, taken = labels.legend(listed, layout.width, ground.top - 7, fills)
        ground = plane(plot, layout, language, right=room, legend=taken, height=height)
        beside = _beside(plot, ground, layout, language, listed) or []
    body = (
        bar_marks.hatches(series, prefix)
        + axes(plot, ground, layout, language)
        + _marks(plot, ground, language, prefix)
        + "".join(label.svg() for label in beside)
    )
    return key + body, ground.height


def _beside(
    plot: Plot, ground: Plane, layout: Layout, language: str, listed: Sequence[Mark] = ()
) -> list[labels.Label] | None:
    """Name what is no bar beside it: over no bar, unless a legend is there and has not named it."""
    series = plot.of("bars")
    values = _value_labels(plot, ground, language)
    boxes = bar_marks.boxes(series, values, ground) if series else []
    others = [mark for mark in plot.marks if mark.kind != "bars" and mark not in listed]
    found = labels.place(others, ground, layout.width, boxes)
    return labels.place(others, ground, layout.width) if found is None and listed else found


def _value_room(plot: Plot, layout: Layout, language: str) -> float:
    """Return the room at the right that values at the ends of horizontal bars take."""
    values = _values(plot, language)
    trial = plane(plot, layout, language, right=4, legend=0, height=None)
    return max(map(width, values)) + 10 if values and trial.flipped else 0.0


def _value_labels(plot: Plot, ground: Plane, language: str) -> list[labels.Label]:
    """Write the values at the ends of bars, and beyond a rule that passes there."""
    values = _values(plot, language)
    found = bar_marks.value_labels(plot.of("bars")[0], values, ground) if values else []
    for rule in plot.of("rule"):
        (x, y), (_, end) = marks.rule_ends(rule, ground)
        found = [label.beyond(x, y, is_level=y == end) for label in found]
    return found


def _values(plot: Plot, language: str) -> list[str]:
    """Return the values to be written at the ends of bars: of a single series of a few."""
    series = plot.of("bars")
    if len(series) != 1 or len(series[0].column("y")) > _FEW:
        return []
    told = (formatted(value, plot.y.format, language) for value in series[0].column("y"))
    return [text.replace("-", "−") for text in told]


def _marks(plot: Plot, ground: Plane, language: str, prefix: str) -> str:
    """Draw areas first, then bars, lines, and points on top."""

    def tell(mark: Mark, index: int) -> str:
        return told(plot, mark, index, language)

    lines, histograms = plot.of("line"), plot.of("histogram")
    parts = [marks.band(mark, ground) for mark in plot.of("band")]
    parts += [
        bar_marks.histogram(mark, ground, tell, shared=len(histograms) > 1) for mark in histograms
    ]
    series = plot.of("bars")
    if series:
        parts.append(bar_marks.bars(series, ground, tell, prefix))
    parts += [marks.rule(mark, ground) for mark in plot.of("rule")]
    parts += [label.svg() for label in _value_labels(plot, ground, language)]
    parts += [marks.segments(mark, ground, tell) for mark in plot.of("segments")]
    parts += [marks.line(mark, ground, tell, several=len(lines) > 1) for mark in lines]
    clouds = plot.of("points")
    for below, mark in zip(range(len(clouds) - 1, -1, -1), clouds, strict=True):
        # A little larger for each series that may lie on top, so that equal values show both.
        parts.append(marks.points(mark, ground, tell, marks.RADIUS + 1.3 * below))
    parts += [marks.note_dot(mark, ground) for mark in plot.of("note")]
    return "".join(parts)


def told(plot: Plot, mark: Mark, index: int, language: str) -> str:
    """Return the tooltip of one value: its name, then x and y with their axes' names."""

    def shown(axis: Axis, value: float) -> str:
        if axis.names:
            return axis.names[int(value)]
        return f"{axis.term} {formatted(value, axis.format, language)}"

    if mark.kind == "histogram":
        edges = mark.column("edges")
        low, high = (formatted(edges[index + side], plot.x.format, language) for side in (0, 1))
        parts = [f"{plot.x.term} {low} – {high}", shown(plot.y, mark.column("counts")[index])]
    else:
        parts = [shown(plot.x, mark.column("x")[index]), shown(plot.y, mark.column("y")[index])]
        parts += (
            [f"→ {formatted(mark.column('to')[index], plot.y.format, language)}"]
            if ("to" in mark.columns)
            else []
        )
    heads: Sequence[str] = [mark.names[index]] if mark.names else [mark.label] if mark.label else []
    return " · ".join([*heads, *parts])
