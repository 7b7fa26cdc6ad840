"""Blocks: rectangles of cells that formulas refer to, always by absolute references.

Absolute, because LibreOffice takes a column of like relative formulas for one group and calculates
it in parallel; in a sheet whose rows depend on one another through other sheets that ends in a
crash or in wrong values. It also shows a reader at once which cells a formula means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@cache
def column_letters(column: int) -> str:
    """Return the name of a column.

    Args:
        column: Its index, the first is 0.

    Examples:
        >>> column_letters(0), column_letters(27), column_letters(16383)
        ('A', 'AB', 'XFD')
    """
    before, last = divmod(column, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


@dataclass(frozen=True)
class Block:
    """A rectangle of cells on one sheet.

    Args:
        sheet: The sheet's name, in ASCII letters, digits and `_`, so that it needs no quotes.
        top: Index of the first row, from 0.
        left: Index of the first column, from 0.
        height: How many rows.
        width: How many columns.

    Examples:
        >>> scores = Block("L1_attn", top=3, left=4, height=11, width=11)
        >>> scores.cell(0, 0), scores.row(2, stop=3), scores.column(1)
        ('L1_attn!$E$4', 'L1_attn!$E$6:$G$6', 'L1_attn!$F$4:$F$14')
    """

    sheet: str
    top: int
    left: int
    height: int
    width: int

    def cell(self, row: int = 0, column: int = 0) -> str:
        """Return the reference of one cell, counted from the block's own corner."""
        return f"{self.sheet}!{self._corner(row, column)}"

    def row(self, row: int, *, start: int = 0, stop: int | None = None) -> str:
        """Return the reference of a row, of the columns `start` to `stop`, that one excluded."""
        last = (self.width if stop is None else stop) - 1
        return f"{self.cell(row, start)}:{self._corner(row, last)}"

    def column(self, column: int, *, start: int = 0, stop: int | None = None) -> str:
        """Return the reference of a column, of the rows `start` to `stop`, that one excluded."""
        last = (self.height if stop is None else stop) - 1
        return f"{self.cell(start, column)}:{self._corner(last, column)}"

    @property
    def area(self) -> str:
        """The reference of the whole block."""
        return f"{self.cell()}:{self._corner(self.height - 1, self.width - 1)}"

    def _corner(self, row: int, column: int) -> str:
        return f"${column_letters(self.left + column)}${self.top + row + 1}"
