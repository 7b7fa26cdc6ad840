"""Heatmaps: a table of numbers as shades, the sign told by a stroke as well as by colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainer.site.charts import twin
from explainer.site.charts.data import name_column
from explainer.site.charts.lettering import LEADING, SIZE, width
from explainer.site.charts.numerals import formatted
from explainer.site.charts.plane import Layout
from explainer.site.charts.plot_data import axis_name
from explainer.site.charts.spec import Page
from explainer.site.charts.svg import number, tag, tooltip, words

LARGEST = 4096  # cells; more would be noise on a page, and heavy
_NAMED = 400  # cells that have a tooltip each
# Below text the shade stops here, so that ink on it keeps 4.5:1 in light and dark.
TEXT_SHADE = 0.4
_LEVELS = 16
_CELL = 44.0
_NEGATIVE = "bias"


@dataclass(frozen=True)
class Heatmap:
    """A heatmap, evaluated.

    Args:
        cells: Values, row by row.
        rows: Names of the rows.
        columns: Names of the columns.
        names: Names of the y axis, the x axis and the value.
        format: Format of the values.
        role: Role of values above zero.
        reach: Largest distance from zero, or from the smallest value.
        base: Value without a shade.
        expression: What the cells were computed from.
    """

    cells: tuple[tuple[float, ...], ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    names: tuple[str, str, str]
    format: str
    role: str
    base: float
    reach: float
    expression: str

    def shade(self, value: float) -> float:
        """Return how dark a value is, from -1 to 1; below zero where it is below the base."""
        return (value - self.base) / self.reach if self.reach else 0.0


def evaluated(spec: Mapping[str, Any], page: Page, chart: str) -> Heatmap:
    """Evaluate a heatmap.

    Args:
        spec: A checked heatmap.
        page: The page that evaluates.
        chart: Id of the chart.

    Returns:
        The heatmap.

    Raises:
        ValueError: If the cells are not a finite table of the size of its names.
    """
    where = f"chart `{chart}`, cells"
    value = page.evaluate(spec["cells"]) if isinstance(spec["cells"], str) else spec["cells"]
    array = np.asarray(value).astype(np.float64)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{where} has shape {array.shape}; give rows and columns")
    if array.size > LARGEST:
        raise ValueError(f"{where} has {array.size} cells; show at most {LARGEST}: slice it")
    if not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(f"{where}[{row}][{column}] is {array[row, column]}; mend what made it")
    rows = _names(spec["y"], page, f"chart `{chart}`, y.values", array.shape[0])
    columns = _names(spec["x"], page, f"chart `{chart}`, x.values", array.shape[1])
    colours = spec.get("colours", "diverging" if array.min() < 0 < array.max() else "sequential")
    if colours not in ("diverging", "sequential"):
        raise ValueError(f"chart `{chart}`: colours {colours!r}; use `diverging` or `sequential`")
    # A scale that starts above zero would make equal shades of unequal values.
    base = 0.0 if colours == "diverging" or array.min() >= 0 else float(array.min())
    return Heatmap(
        cells=tuple(tuple(float(item) for item in row) for row in array),
        rows=rows,
        columns=columns,
        names=(
            axis_name(spec["y"], page),
            axis_name(spec["x"], page),
            axis_name(spec["value"], page),
        ),
        format=str(spec["value"].get("format", "")),
        role=spec.get("role", "parameter"),
        base=base,
        reach=float(np.abs(array - base).max()),
        expression=str(spec["cells"]),
    )


def _names(axis: Mapping[str, Any], page: Page, where: str, count: int) -> tuple[str, ...]:
    if "values" not in axis:
        return tuple(str(index) for index in range(count))
    names = name_column(page, axis["values"], where, terms=bool(axis.get("term_names", False)))
    if len(names) != count:
        raise ValueError(f"{where} has {len(names)} names for {count} lines of cells; match them")
    return names


def draw(heat: Heatmap, layout: Layout, language: str) -> tuple[str, float]:
    """Draw a heatmap.

    Args:
        heat: The heatmap.
        layout: The drawing that it is for.
        language: `zh` or `en`.

    Returns:
        SVG markup without its root, and the height of the view box.
    """
    left = max(width(name) for name in heat.rows) + 8
    room = layout.width - left
    across = min(room / len(heat.columns), _CELL * 1.6)
    tall = min(across, _CELL) if across > 14 else across
    top = 3 * LEADING + 14
    labels = [formatted(item, heat.format, language) for row in heat.cells for item in row]
    lettered = max(map(width, labels)) <= across - 4 and tall >= SIZE + 4
    body = _lettered_or_plain(heat, left, top, across, tall, labels, lettered)
    bottom = top + tall * len(heat.rows)
    right = left + across * len(heat.columns)
    frame = tag("rect", class_="frame", x=left, y=top, width=right - left, height=bottom - top)
    names = _axis_labels(heat, left, top, across, tall)
    titles = words([heat.names[0]], x=0, y=top - 8, anchor="start", class_="name")
    end = max(right, width(heat.names[1]))
    titles += words([heat.names[1]], x=end, y=bottom + 36, anchor="end", class_="name")
    key = _key(heat, layout, language, TEXT_SHADE if lettered else 1.0)
    return key + body + frame + names + titles, bottom + 42


def _lettered_or_plain(
    heat: Heatmap,
    left: float,
    top: float,
    across: float,
    tall: float,
    labels: list[str],
    text: bool,
) -> str:
    flat = [(row, column) for row in range(len(heat.rows)) for column in range(len(heat.columns))]
    if len(flat) > _NAMED:
        return _levels(heat, left, top, across, tall)
    parts = []
    for (row, column), label in zip(flat, labels, strict=True):
        shade = heat.shade(heat.cells[row][column])
        x, y = left + column * across, top + row * tall
        title = f"{heat.rows[row]} · {heat.columns[column]} · {label}"
        parts.append(
            tag(
                "rect",
                tooltip(title),
                class_=f"mark heat role-{_NEGATIVE if shade < 0 else heat.role}",
                x=x,
                y=y,
                width=across,
                height=tall,
                fill_opacity=abs(shade) * (TEXT_SHADE if text else 1.0),
            )
        )
        if shade < 0 and not text and tall >= 7:
            parts.append(_minus(x + across / 2, y + tall / 2, min(across, tall) * 0.25))
        if text:
            middle = (x + across / 2, y + tall / 2 + SIZE * 0.35)
            parts.append(words([label], x=middle[0], y=middle[1], anchor="middle", class_="cell"))
    return "".join(parts)


def _minus(x: float, y: float, half: float) -> str:
    return tag("path", class_="minus", d=f"M{number(x - half)} {number(y)}h{number(2 * half)}")


def _levels(heat: Heatmap, left: float, top: float, across: float, tall: float) -> str:
    """Draw many cells as one path for each of a few shades, to keep the page light."""
    paths: dict[int, list[str]] = {}
    strokes = []
    for row, line in enumerate(heat.cells):
        for column, value in enumerate(line):
            level = round(heat.shade(value) * _LEVELS)
            x, y = left + column * across, top + row * tall
            paths.setdefault(level, []).append(
                f"M{number(x)} {number(y)}h{number(across)}v{number(tall)}h{number(-across)}z"
            )
            if level < 0 and tall >= 7:
                half = tall * 0.22
                strokes.append(
                    f"M{number(x + across / 2 - half)} {number(y + tall / 2)}h{number(2 * half)}"
                )
    parts = [
        tag(
            "path",
            class_=f"mark heat role-{_NEGATIVE if level < 0 else heat.role}",
            d="".join(paths[level]),
            fill_opacity=abs(level) / _LEVELS,
        )
        for level in sorted(paths)
    ]
    minus = tag("path", class_="minus", d="".join(strokes)) if strokes else ""
    return "".join(parts) + minus


def _axis_labels(heat: Heatmap, left: float, top: float, across: float, tall: float) -> str:
    """Name rows and columns, every one or as many as there is room for."""
    parts = []
    stride = -(-int(SIZE + 3) // int(max(tall, 1))) if tall < SIZE + 3 else 1
    for row in range(0, len(heat.rows), stride):
        y = top + (row + 0.5) * tall + SIZE * 0.35
        parts.append(words([heat.rows[row]], x=left - 6, y=y, anchor="end", class_="tick"))
    widest = max(map(width, heat.columns)) + 6
    stride = max(1, -(-int(widest) // int(max(across, 1))))
    bottom = top + tall * len(heat.rows)
    for column in range(0, len(heat.columns), stride):
        x = left + (column + 0.5) * across
        name = heat.columns[column]
        parts.append(words([name], x=x, y=bottom + 17, anchor="middle", class_="tick"))
    return "".join(parts)


def _key(heat: Heatmap, layout: Layout, language: str, strongest: float) -> str:
    """Draw the scale of shades above the heatmap, its ends and its middle named."""
    lowest = min(item for row in heat.cells for item in row)
    low = -1.0 if lowest < heat.base else 0.0
    steps, tall = 12, 12.0
    title = heat.names[2]
    start = width(title) + 12
    ends = [formatted(heat.base + low * heat.reach, heat.format, language)]
    ends += [formatted(heat.base + heat.reach, heat.format, language)]
    parts = [words([title], x=0, y=SIZE, anchor="start", class_="name")]
    parts.append(words([ends[0]], x=start, y=SIZE, anchor="start", class_="tick"))
    x = start + width(ends[0]) + 6
    # Beside a long title, on a phone, the scale is shorter.
    each = max(3.0, min(10.0, (layout.width - x - width(ends[1]) - 10) / steps))
    for step in range(steps):
        shade = low + (1 - low) * (step + 0.5) / steps
        parts.append(
            tag(
                "rect",
                class_=f"key heat role-{_NEGATIVE if shade < 0 else heat.role}",
                x=x + step * each,
                y=2,
                width=each,
                height=tall,
                fill_opacity=abs(shade) * strongest,
            )
        )
        if shade < 0:
            parts.append(_minus(x + (step + 0.5) * each, 2 + tall / 2, 2.5))
    parts.append(words([ends[1]], x=x + steps * each + 6, y=SIZE, anchor="start", class_="tick"))
    return "".join(parts)


def table(heat: Heatmap, language: str) -> str:
    """Return the table twin of a heatmap, a row of the table for each of its rows."""
    columns = [twin.TwinColumn(heat.names[0], heat.rows, is_name=True)]
    for index, name in enumerate(heat.columns):
        cells = [formatted(row[index], heat.format, language) for row in heat.cells]
        columns.append(twin.TwinColumn(name, cells, heat.expression))
    return twin.table(columns, heat.names[2], language)
