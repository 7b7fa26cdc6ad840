"""From expressions to columns of numbers: everything that a chart draws, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainer.site.charts.spec import Page

Column = tuple[float, ...]
# The order in which the table twin shows a mark's columns, and what each is called.
TWIN_COLUMNS = ("y", "low", "high", "to")


@dataclass(frozen=True)
class Mark:
    """One mark of a plot, evaluated.

    Args:
        kind: Kind, as the author writes it.
        role: What the values are: `parameter`, `data`, …
        nth: Which mark of this kind and role it is, from 1.
        label: Its name as plain text; empty if it has none.
        columns: Numbers by the key they came from; names on a category axis are indices.
        expressions: What each column was computed from.
        names: Names of single points.
        stack: Whether bars stand on those before.
        markers: Whether a line shows its points.
    """

    kind: str
    role: str
    nth: int
    label: str
    columns: Mapping[str, Column]
    expressions: Mapping[str, str]
    names: tuple[str, ...] = ()
    stack: bool = False
    markers: bool = False

    def column(self, key: str) -> Column:
        """Return a column, or none of the values if the mark lacks it."""
        return self.columns.get(key, ())


def number_column(page: Page, expression: Any, where: str) -> Column:
    """Return the finite numbers of an expression, flat.

    Args:
        page: The page that evaluates.
        expression: An expression, a number, or a list of numbers.
        where: Chart, mark and key, for messages.

    Returns:
        At least one number.

    Raises:
        ValueError: If there is none, or one is not a finite number.
    """
    value = page.evaluate(expression) if isinstance(expression, str) else expression
    try:
        array = np.asarray(value).astype(np.float64)
    except (TypeError, ValueError) as error:
        fix = "names stand on x with `scale: category`"
        raise ValueError(f"{where} (= {_short(value)}) is not a list of numbers; {fix}") from error
    if array.ndim > 1:
        raise ValueError(f"{where} has shape {array.shape}; give one dimension, for example a row")
    column = tuple(float(item) for item in np.atleast_1d(array))
    if not column:
        raise ValueError(f"{where} is empty; a chart needs at least one value")
    for index, item in enumerate(column):
        if not math.isfinite(item):
            raise ValueError(
                f"{where}[{index}] is {item}; mask it in the snippet or mend what made it"
            )
    return column


def name_column(page: Page, expression: Any, where: str, *, terms: bool) -> tuple[str, ...]:
    """Return the names of an expression as plain text.

    Args:
        page: The page that evaluates.
        expression: An expression, or a list of names.
        where: Chart, mark and key, for messages.
        terms: Whether the names are glossary ids, to be shown in the page's language.

    Returns:
        At least one name.

    Raises:
        ValueError: If there is none.
    """
    value = page.evaluate(expression) if isinstance(expression, str) else expression
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise ValueError(f"{where} (= {_short(value)}) is not a list of names")
    names = tuple(str(item) for item in value)
    if not names:
        raise ValueError(f"{where} is empty; a chart needs at least one name")
    return tuple(page.term(name) for name in names) if terms else names


def error_columns(page: Page, expression: Any, y: Column, where: str) -> dict[str, Column]:
    """Return the ends of error bars.

    Args:
        page: The page that evaluates.
        expression: Gives half a width for each value, or a pair (low, high) for each.
        y: The values that the bars belong to.
        where: Chart, mark and key, for messages.

    Returns:
        Columns `low` and `high`.

    Raises:
        ValueError: If the lengths differ, or a bar does not hold its value.
    """
    value = page.evaluate(expression) if isinstance(expression, str) else expression
    array = np.asarray(value).astype(np.float64)
    if array.ndim == 2 and array.shape[1] == 2:
        low = number_column(page, array[:, 0], where)
        high = number_column(page, array[:, 1], where)
    else:
        half = number_column(page, array, where)
        same_length(where, {"errors": half, "y": y})
        low = tuple(a - b for a, b in zip(y, half, strict=True))
        high = tuple(a + b for a, b in zip(y, half, strict=True))
    same_length(where, {"errors": low, "y": y})
    for index, (a, b, c) in enumerate(zip(low, y, high, strict=True)):
        if not a <= b <= c:
            raise ValueError(f"{where}[{index}] runs from {a} to {c}, which does not hold y (={b})")
    return {"low": low, "high": high}


def same_length(where: str, columns: Mapping[str, Sequence[object]]) -> None:
    """Raise `ValueError`, naming both lengths, unless all columns are equally long."""
    lengths = {key: len(column) for key, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"`{key}` has {length}" for key, length in lengths.items())
        raise ValueError(f"{where}: lengths differ: {told}; give one value of each for every mark")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
