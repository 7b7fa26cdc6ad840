"""The table twin: every number of a chart, for eyes, keyboards and screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from explainer.site.charts.data import Column, Mark
from explainer.site.charts.numerals import formatted
from explainer.site.charts.plot_data import Axis, Plot
from explainer.site.charts.svg import tag

ROWS = 200

_WORDS = {
    "en": {
        "summary": "The numbers as a table",
        "low": "low",
        "high": "high",
        "to": "end",
        "from": "from",
        "upto": "to",
        "name": "name",
        "line": "reference line",
        "lines": "reference lines and notes",
        "thinned": "{shown} of {total} rows, evenly spaced; the snippet computes them all.",
    },
    "zh": {
        "summary": "用表格看这些数字",
        "low": "下限",
        "high": "上限",
        "to": "终点",
        "from": "自",
        "upto": "至",
        "name": "名称",
        "line": "参考线",
        "lines": "参考线与标注",
        "thinned": "共 {total} 行，等距列出其中 {shown} 行；代码片段会算出全部。",
    },
}


@dataclass(frozen=True)
class TwinColumn:
    """One column of a table twin.

    Args:
        head: Its name.
        cells: Its cells, formatted.
        expression: What it was computed from; empty if nothing was.
        is_name: Whether its cells are names, not numbers.
    """

    head: str
    cells: Sequence[str]
    expression: str = ""
    is_name: bool = False


def word(key: str, language: str) -> str:
    """Return one of the words that every table twin uses."""
    return _WORDS[language][key]


def details(tables: Sequence[str], language: str) -> str:
    """Fold tables away under one line.

    Args:
        tables: Tables as HTML.
        language: `zh` or `en`.

    Returns:
        A `<details>` element, left out of the site's search.
    """
    summary = tag("summary", _WORDS[language]["summary"])
    return tag("details", summary, *tables, class_="twin", data_search_exclude="")


def table(columns: Sequence[TwinColumn], caption: str, language: str) -> str:
    """Return one table of the twin; beyond 200 rows evenly thinned, and saying so.

    Args:
        columns: Columns of equal length.
        caption: Name of the table, plain; empty for none.
        language: `zh` or `en`.

    Returns:
        HTML.
    """
    total = len(columns[0].cells)
    rows = _thinned(total)
    head = [
        tag(
            "th",
            escape(c.head),
            scope="col",
            class_="name" if c.is_name else None,
            data_expr=c.expression or None,
        )
        for c in columns
    ]
    # Said of the few that are not: the theme lines figures up by their last digit.
    kinds = [' class="name"' if column.is_name else "" for column in columns]
    body = []
    for row in rows:
        cells = []
        for place, column in enumerate(columns):
            text = escape(column.cells[row])
            if place == 0:
                cells.append(f'<th scope="row">{text}</th>')
            else:
                cells.append(f"<td{kinds[place]}>{text}</td>")
        body.append(tag("tr", *cells))
    parts = [tag("caption", escape(caption))] if caption else []
    parts += [tag("thead", tag("tr", *head)), tag("tbody", *body)]
    drawn = tag(
        "div",
        tag("table", *parts, data_figures=""),
        class_="twin-table",
        tabindex="0",
        role="group",
        aria_label=caption or _WORDS[language]["summary"],
    )
    if len(rows) == total:
        return drawn
    note = _WORDS[language]["thinned"].format(shown=len(rows), total=total)
    return drawn + tag("p", note, class_="twin-note")


def _thinned(total: int) -> list[int]:
    if total <= ROWS:
        return list(range(total))
    # First and last always stay.
    return [round(step * (total - 1) / (ROWS - 1)) for step in range(ROWS)]


def plot_tables(plot: Plot, language: str) -> list[str]:
    """Return the tables of a plot: marks over the same x share one.

    Args:
        plot: The plot.
        language: `zh` or `en`.

    Returns:
        Tables as HTML.
    """
    groups: dict[Column, list[Mark]] = {}
    for mark in plot.marks:
        if mark.kind not in ("rule", "note", "histogram"):
            groups.setdefault(mark.column("x"), []).append(mark)
    tables = [_shared(plot, marks, language) for marks in groups.values()]
    tables += [_histogram(plot, mark, language) for mark in plot.of("histogram")]
    if plot.of("rule", "note"):
        tables.append(_lines(plot, language))
    return tables


def _cells(axis: Axis, values: Column, language: str) -> list[str]:
    if axis.names:
        return [axis.names[int(value)] for value in values]
    return [formatted(value, axis.format, language) for value in values]


def _shared(plot: Plot, marks: Sequence[Mark], language: str) -> str:
    first = marks[0]
    x = _cells(plot.x, first.column("x"), language)
    columns = [TwinColumn(plot.x.term, x, first.expressions["x"], bool(plot.x.names))]
    for mark in marks:
        if mark.names:
            columns.insert(0, TwinColumn(_WORDS[language]["name"], mark.names, is_name=True))
        for key in ("y", "low", "high", "to"):
            if key not in mark.columns:
                continue
            part = "" if key == "y" else _WORDS[language][key]
            head = " · ".join(word for word in (mark.label or plot.y.term, part) if word)
            cells = _cells(plot.y, mark.column(key), language)
            columns.append(TwinColumn(head, cells, mark.expressions.get(key, "")))
    caption = " · ".join(dict.fromkeys(mark.label for mark in marks if mark.label))
    return table(columns, caption or plot.y.term, language)


def _histogram(plot: Plot, mark: Mark, language: str) -> str:
    edges = _cells(plot.x, mark.column("edges"), language)
    words = _WORDS[language]
    joint = f"{plot.x.term} · "
    columns = [
        TwinColumn(joint + words["from"], edges[:-1], mark.expressions["edges"]),
        TwinColumn(joint + words["upto"], edges[1:], mark.expressions["edges"]),
        TwinColumn(
            plot.y.term, _cells(plot.y, mark.column("counts"), language), mark.expressions["counts"]
        ),
    ]
    return table(columns, mark.label or plot.y.term, language)


def _lines(plot: Plot, language: str) -> str:
    found = plot.of("rule", "note")
    names = [mark.label or _WORDS[language]["line"] for mark in found]
    columns = [TwinColumn(_WORDS[language]["name"], names, is_name=True)]
    for axis, key in ((plot.x, "x"), (plot.y, "y")):
        cells = [
            formatted(mark.column(key)[0], axis.format, language) if key in mark.columns else "–"
            for mark in found
        ]
        columns.append(TwinColumn(axis.term, cells))
    return table(columns, _WORDS[language]["lines"], language)
