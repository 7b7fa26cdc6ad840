"""Heatmaps: a table of numbers as shades, the sign told by a stroke as well as by colour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainer.site.charts import cells, twin
from explainer.site.charts.data import name_column
from explainer.site.charts.lettering import LEADING, SIZE, width
from explainer.site.charts.numerals import formatted
from explainer.site.charts.plane import LAYOUTS, Layout
from explainer.site.charts.plot_data import axis_name
from explainer.site.charts.spec import Page
from explainer.site.charts.svg import number, tag, words

LARGEST = 4096  # cells; more would be noise on a page, and heavy
# Below text the shade stops here, so that ink on it keeps 4.5:1 in light and dark.
TEXT_SHADE = 0.4
_SIGNED = 7  # high enough for a minus
_LINES = 3  # of names below the columns
_NUMBER = re.compile(r"[-−+]?[\d.,]+")
_CELL = 44.0


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


def draw(heat: Heatmap, layout: Layout, language: str, id: str) -> tuple[str, float]:
    """Draw a heatmap.

    Args:
        heat: The heatmap.
        layout: The drawing that it is for; the first holds the cells of all.
        language: `zh` or `en`.
        id: Id of the figure.

    Returns:
        SVG markup without its root, and the height of the view box.
    """
    left = max(width(name) for name in heat.rows) + 8
    room = layout.width - left
    # As it will be written, so that stretched cells end where the frame does.
    across = int(100 * min(room / len(heat.columns), _CELL * 1.6)) / 100
    tall = min(across, _CELL) if across > 14 else across
    if not _is_counted(heat.rows):
        tall = max(tall, SIZE + 3)  # names of their own, each to be read
    top = 3 * LEADING + 14
    labels = [formatted(item, heat.format, language) for row in heat.cells for item in row]
    lettered = max(map(width, labels)) <= across - 4 and tall >= SIZE + 4
    shade = TEXT_SHADE if lettered else 1.0
    is_signed = not lettered and tall >= _SIGNED
    drawn = _stretched(heat, layout, id, labels, is_lettered=lettered, is_signed=is_signed)
    where = f"translate({number(left)} {number(top)}) scale({across:.2f} {tall:.2f})"
    body = tag("g", drawn, transform=where, opacity=str(shade) if lettered else None)
    if lettered:
        body += _letters(heat, left, top, across, tall, labels)
    bottom = top + tall * len(heat.rows)
    right = left + across * len(heat.columns)
    frame = tag("rect", class_="frame", x=left, y=top, width=right - left, height=bottom - top)
    names, below = _axis_labels(heat, layout, left, top, across, tall)
    titles = words([heat.names[0]], x=0, y=top - 8, anchor="start", class_="name")
    end = max(right, width(heat.names[1]))
    titles += words([heat.names[1]], x=end, y=below + 19, anchor="end", class_="name")
    key = _key(heat, layout, language, shade)
    return key + body + frame + names + titles, below + 25


def _stretched(
    heat: Heatmap, layout: Layout, id: str, labels: list[str], *, is_lettered: bool, is_signed: bool
) -> str:
    """Return the cells, and strokes on those below the base; later layouts show the first's."""
    shades = np.array([[heat.shade(value) for value in row] for row in heat.cells])
    has_negative = bool((shades < 0).any())
    if layout != LAYOUTS[0]:
        parts = ("cells", "minuses") if is_signed and has_negative else ("cells",)
        # Not `href`: Material's script sets that of whatever has one, and SVG's cannot be set.
        shown = [tag("use", **{"xlink:href": f"#{id}-{part}"}) for part in parts]
        return tag("g", *shown, **{"xmlns:xlink": "http://www.w3.org/1999/xlink"})
    names = [f"{row} · {column}" for row in heat.rows for column in heat.columns]
    told = [f"{name} · {label}" for name, label in zip(names, labels, strict=True)]
    drawn = cells.draw(shades, heat.role, [] if is_lettered else told, f"{id}-cells")
    if not has_negative:
        return drawn
    minuses = cells.minuses(shades, f"{id}-minuses")
    return drawn + (minuses if is_signed else tag("defs", minuses))


def _role(heat: Heatmap, is_negative: bool) -> str:
    return f"role-{cells.NEGATIVE if is_negative else heat.role}"


def _letters(
    heat: Heatmap, left: float, top: float, across: float, tall: float, labels: list[str]
) -> str:
    """Write each cell's value on it."""
    texts = []
    for index, label in enumerate(labels):
        row, column = divmod(index, len(heat.columns))
        x, y = left + (column + 0.5) * across, top + (row + 0.5) * tall + SIZE * 0.35
        texts.append(words([label], x=x, y=y, anchor="middle", class_="cell"))
    return "".join(texts)


def _axis_labels(
    heat: Heatmap, layout: Layout, left: float, top: float, across: float, tall: float
) -> tuple[str, float]:
    """Name rows and columns; return the names, and the baseline of the lowest.

    Numbers in order are thinned where there is no room for each; names stand on two or three lines,
    none beyond the drawing.
    """
    parts = []
    stride = -(-int(SIZE + 3) // int(max(tall, 1))) if tall < SIZE + 3 else 1
    for row in range(0, len(heat.rows), stride):
        y = top + (row + 0.5) * tall + SIZE * 0.35
        parts.append(words([heat.rows[row]], x=left - 6, y=y, anchor="end", class_="tick"))
    widest = max(map(width, heat.columns)) + 6
    stride = max(1, -(-int(widest) // int(max(across, 1))))
    lines = 1 if _is_counted(heat.columns) or stride > _LINES else stride
    base = top + tall * len(heat.rows) + 17
    for column in range(0, len(heat.columns), 1 if lines > 1 else stride):
        name, y = heat.columns[column], base + column % lines * LEADING
        x = min(left + (column + 0.5) * across, layout.width - width(name) / 2)
        parts.append(words([name], x=x, y=y, anchor="middle", class_="tick"))
    return "".join(parts), base + (lines - 1) * LEADING


def _is_counted(names: tuple[str, ...]) -> bool:
    """Return whether names are numbers, of which a few tell where the others are."""
    return all(_NUMBER.fullmatch(name) for name in names)


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
                class_=f"key heat {_role(heat, shade < 0)}",
                x=x + step * each,
                y=2,
                width=each,
                height=tall,
                fill_opacity=f"{abs(shade) * strongest:.2f}",
            )
        )
        if shade < 0:
            at = f"M{number(x + (step + 0.5) * each - 2.5)} {number(2 + tall / 2)}h5"
            parts.append(tag("path", class_="minus", d=at))
    parts.append(words([ends[1]], x=x + steps * each + 6, y=SIZE, anchor="start", class_="tick"))
    return "".join(parts)


def table(heat: Heatmap, language: str) -> str:
    """Return the table twin of a heatmap, a row of the table for each of its rows."""
    columns = [twin.TwinColumn(heat.names[0], heat.rows, is_name=True)]
    for index, name in enumerate(heat.columns):
        cells = [formatted(row[index], heat.format, language) for row in heat.cells]
        columns.append(twin.TwinColumn(name, cells, heat.expression))
    return twin.table(columns, heat.names[2], language)
