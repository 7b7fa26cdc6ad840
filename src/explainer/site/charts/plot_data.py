"""A plot, evaluated: its marks and its two axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from explainer.site.charts.data import (
    Column,
    Mark,
    error_columns,
    name_column,
    number_column,
    same_length,
)
from explainer.site.charts.spec import Page

_LOG_WORDS = {"en": "log scale", "zh": "对数刻度"}
_X_KEYS = ("x", "edges")
_Y_KEYS = ("y", "low", "high", "to", "counts")


@dataclass(frozen=True)
class Axis:
    """One axis, evaluated.

    Args:
        term: Its name, with the unit.
        scale: `linear`, `log` or `category`.
        base: Base of a log scale.
        format: Format of its numbers; empty chooses by size.
        lower: Smallest value to show.
        upper: Largest value to show.
        fixed: Whether the author set (lower, upper).
        ticks: Ticks that the author set.
        names: Names on a category axis.
    """

    term: str
    scale: str
    base: int
    format: str
    lower: float
    upper: float
    fixed: tuple[bool, bool]
    ticks: Column
    names: tuple[str, ...]

    def title(self, language: str) -> str:
        """Return name and unit, and in words that the scale is logarithmic."""
        if self.scale != "log":
            return self.term
        joint = "，" if language == "zh" else ", "
        return f"{self.term}{joint}{_LOG_WORDS[language]}"


@dataclass(frozen=True)
class Plot:
    """Marks and axes of one plot."""

    id: str
    marks: tuple[Mark, ...]
    x: Axis
    y: Axis

    def of(self, *kinds: str) -> tuple[Mark, ...]:
        """Return the marks of some kinds, in their order."""
        return tuple(mark for mark in self.marks if mark.kind in kinds)


def axis_name(axis: Mapping[str, Any], page: Page) -> str:
    """Return the name of an axis and, in brackets, its unit."""
    name = page.term(axis["term"]) if "term" in axis else page.plain(axis["label"])
    if "unit" not in axis:
        return name
    unit = page.plain(str(axis["unit"]))
    return f"{name}（{unit}）" if page.language == "zh" else f"{name} ({unit})"


def evaluated(spec: Mapping[str, Any], page: Page, chart: str) -> Plot:
    """Evaluate every expression of a plot.

    Args:
        spec: A checked plot.
        page: The page that evaluates.
        chart: Id of the chart.

    Returns:
        The plot.

    Raises:
        ValueError: If values are missing, not finite, of unequal length, or off their axis.
    """
    names = _category_names(spec, page, chart)
    marks: list[Mark] = []
    for index, written in enumerate(spec["marks"]):
        where = f"chart `{chart}`, marks[{index}]"
        marks.append(_mark(written, page, where, names, marks))
    x = _axis(spec["x"], page, f"chart `{chart}`, x", _values(marks, _X_KEYS, "y"), names)
    y = _axis(spec["y"], page, f"chart `{chart}`, y", _values(marks, _Y_KEYS, "x"), ())
    if any(mark.kind in ("bars", "histogram") for mark in marks):
        if y.scale == "log":
            raise ValueError(
                f"chart `{chart}`, y: bars compare lengths from zero, which a log scale lacks; "
                "use `kind: points`, or `scale: linear`"
            )
        y = _with_zero(y)
    return Plot(chart, tuple(marks), x, y)


def _category_names(spec: Mapping[str, Any], page: Page, chart: str) -> tuple[str, ...]:
    """Return all names on x in order of first appearance, or none if x has numbers."""
    bars = any(mark["kind"] == "bars" for mark in spec["marks"])
    scale = spec["x"].get("scale", "category" if bars else "linear")
    if scale != "category":
        if bars:
            raise ValueError(f"chart `{chart}`, x: scale is {scale!r}; bars stand on `category`")
        return ()
    terms = bool(spec["x"].get("term_names", False))
    found: dict[str, None] = {}
    if "values" in spec["x"]:
        where = f"chart `{chart}`, x.values"
        found.update(dict.fromkeys(name_column(page, spec["x"]["values"], where, terms=terms)))
    for index, mark in enumerate(spec["marks"]):
        if mark["kind"] in ("rule", "note", "histogram"):
            continue
        where = f"chart `{chart}`, marks[{index}].x"
        found.update(dict.fromkeys(name_column(page, mark["x"], where, terms=terms)))
    return tuple(found)


def _mark(
    written: Mapping[str, Any], page: Page, where: str, names: Sequence[str], before: Sequence[Mark]
) -> Mark:
    kind, role = written["kind"], written.get("role", "neutral")
    columns: dict[str, Column] = {}
    expressions: dict[str, str] = {}
    for key in ("x", "edges", "y", "low", "high", "to", "counts"):
        if key not in written:
            continue
        expressions[key] = str(written[key])
        if key == "x" and names and kind not in ("rule", "note"):
            columns[key] = _indices(written[key], page, f"{where}.x", names)
        else:
            columns[key] = number_column(page, written[key], f"{where}.{key}")
    if "errors" in written:
        expressions["low"] = expressions["high"] = str(written["errors"])
        columns |= error_columns(page, written["errors"], columns["y"], f"{where}.errors")
    _check_columns(kind, columns, where)
    points = (
        tuple(name_column(page, written["names"], f"{where}.names", terms=False))
        if ("names" in written)
        else ()
    )
    if points:
        same_length(where, {"names": points, "x": columns["x"]})
    return Mark(
        kind=kind,
        role=role,
        nth=1 + sum(other.kind == kind and other.role == role for other in before),
        label=_label(written, page),
        columns=columns,
        expressions=expressions,
        names=points,
        stack=bool(written.get("stack", False)),
        markers=bool(written.get("markers", False)),
    )


def _indices(expression: Any, page: Page, where: str, names: Sequence[str]) -> Column:
    value = name_column(page, expression, where, terms=False)
    own = dict.fromkeys(names)
    shown = [name if name in own else page.term(name) for name in value]
    return tuple(float(names.index(name)) for name in shown)


def _label(written: Mapping[str, Any], page: Page) -> str:
    if "term" in written:
        return page.term(written["term"])
    return page.plain(written["label"]) if "label" in written else ""


def _check_columns(kind: str, columns: Mapping[str, Column], where: str) -> None:
    if kind == "histogram":
        edges, counts = columns["edges"], columns["counts"]
        if len(edges) != len(counts) + 1:
            raise ValueError(
                f"{where}: `edges` has {len(edges)} and `counts` {len(counts)}; "
                "there is one edge more than counts"
            )
        if any(b <= a for a, b in pairwise(edges)):
            raise ValueError(f"{where}.edges must rise; sort them in the snippet")
    elif kind == "rule":
        same_length(where, {"a rule's value": (0,), **columns})
    else:
        same_length(where, columns)
    if kind == "bars" and len(set(columns["x"])) < len(columns["x"]):
        raise ValueError(f"{where}.x holds a name twice; bars with one name hide each other")
    if kind == "band":
        for index, (low, high) in enumerate(zip(columns["low"], columns["high"], strict=True)):
            if low > high:
                raise ValueError(f"{where}: `low[{index}]` (={low}) is above `high` (={high})")


def _values(marks: Sequence[Mark], keys: Sequence[str], other: str) -> Column:
    """Return all numbers of one axis; a stack counts with its sum."""
    values = [v for mark in marks for key in keys for v in mark.column(key)]
    if other == "x":
        stacked = [mark for mark in marks if mark.kind == "bars"]
        if any(mark.stack for mark in stacked):
            values += [top for _, top in stack_ends(stacked)]
    return tuple(values)


def stack_ends(bars: Sequence[Mark]) -> list[tuple[float, float]]:
    """Return (category, height of its stack) for each bar, from the first series to the last."""
    tops: dict[tuple[float, bool], float] = {}
    ends = []
    for mark in bars:
        for x, y in zip(mark.column("x"), mark.column("y"), strict=True):
            base = tops.get((x, y < 0), 0.0) if mark.stack else 0.0
            tops[x, y < 0] = base + y
            ends.append((x, base + y))
    return ends


def _axis(
    written: Mapping[str, Any], page: Page, where: str, values: Column, names: tuple[str, ...]
) -> Axis:
    scale = "category" if names else written.get("scale", "linear")
    if not values and not names:
        raise ValueError(f"{where}: no mark has a value on this axis; add one besides rules")
    limits = [
        number_column(page, written[key], f"{where}.{key}")[0] if key in written else None
        for key in ("min", "max")
    ]
    lower = min(values) if limits[0] is None else limits[0]
    upper = max(values) if limits[1] is None else limits[1]
    for value in () if names else values:
        if not lower <= value <= upper:
            raise ValueError(
                f"{where}: {value} is off the axis ({lower} to {upper}); widen `min` or `max`"
            )
    if scale == "log" and lower <= 0:
        raise ValueError(
            f"{where}: {lower} has no place on a log scale; leave out what is not above 0"
        )
    axis = Axis(
        term=axis_name(written, page),
        scale=scale,
        base=int(written.get("base", 10)),
        format=str(written.get("format", "")),
        lower=lower,
        upper=upper,
        fixed=(limits[0] is not None, limits[1] is not None),
        ticks=number_column(page, written["ticks"], f"{where}.ticks") if "ticks" in written else (),
        names=names,
    )
    return _with_zero(axis) if written.get("zero") and scale == "linear" else _not_flat(axis)


def _with_zero(axis: Axis) -> Axis:
    return _not_flat(replace(axis, lower=min(axis.lower, 0.0), upper=max(axis.upper, 0.0)))


def _not_flat(axis: Axis) -> Axis:
    """Give an axis on which all values are equal some room around them."""
    if axis.upper > axis.lower:
        return axis
    if axis.scale == "log":
        return replace(axis, lower=axis.lower / axis.base, upper=axis.upper * axis.base)
    room = abs(axis.lower) / 2 or 1.0
    return replace(axis, lower=axis.lower - room, upper=axis.upper + room)
