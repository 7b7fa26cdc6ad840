"""Tables in a terminal of any width and encoding: a name may be folded, a digit is never lost."""

from __future__ import annotations

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_FOLDED = 12
"""Narrowest that a column of names is folded to."""


def console() -> Console:
    """Return a console for standard output; what it cannot encode is printed as `?`."""
    found = Console(highlight=False)
    if hasattr(found.file, "reconfigure"):
        found.file.reconfigure(errors="replace")
    return found


def times(to: Console) -> str:
    """Return the multiplication sign, or the letter where the terminal's encoding lacks it."""
    return "×" if to.encoding.lower().startswith("utf") else "x"


def table(title: str, *, names: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    """Return an empty table.

    Args:
        title: What stands above it.
        names: Headers of the columns of text, which come first and may be folded.
        numbers: Headers of the columns of figures, which may not.

    Returns:
        A table to which rows are added; `show` prints it.
    """
    found = Table(title=title, box=box.SIMPLE, title_justify="left", title_style="bold")
    for name in names:
        found.add_column(name, overflow="fold")
    for number in numbers:
        found.add_column(number, justify="right", no_wrap=True)
    return found


def show(printed: Table, to: Console) -> None:
    """Print a table; where its figures need more than the terminal has, the lines are longer.

    Args:
        printed: From `table`.
        to: From `console`.
    """
    for column in printed.columns:
        longest = max(map(_width, (column.header, *column.cells)))
        column.min_width = longest if column.no_wrap else min(longest, _FOLDED)
    columns = printed.columns
    solid = sum(column.min_width or 0 for column in columns)
    before = to.width
    if solid + 3 * len(columns) + 1 > before:  # narrow: no space at the edges, less between
        printed.padding, printed.show_edge, printed.pad_edge = (0, 1, 0, 0), False, False
        to.width = max(before, solid + 2 * (len(columns) - 1))
    to.print(printed)
    if not printed.show_edge:
        to.print()
    to.width = before


def _width(cell: object) -> int:
    text = cell.plain if isinstance(cell, Text) else str(cell)
    return max(map(cell_len, text.split("\n")))
