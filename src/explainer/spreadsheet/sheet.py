"""One sheet of a workbook: sections from top to bottom, each with a bar, a formula and a block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explainer.spreadsheet.blocks import Block

if TYPE_CHECKING:
    from explainer.spreadsheet.book import Book

Values = NDArray[np.float64]
# From row and column of a block to a cell's formula, without "="; None where the mask is.
Formula = Callable[[int, int], str | None]

FIRST = 4  # column of the blocks; before it: row number, letter or name, two for helpers
NARROWEST_BAR, WIDEST_BAR = 26, 56
MASKED = "–"


class Sheet:
    """A sheet that is written downwards, a section after the other."""

    def __init__(self, book: Book, worksheet: Any, name: str, title: str, home: str = "") -> None:
        """Begin with a title, and a link to the sheet `home` if there is one."""
        self.book, self.worksheet, self.name = book, worksheet, name
        self.next_row, self.bar, self.bar_columns = 0, "bar", 0  # as wide as the block
        worksheet.hide_gridlines(2)
        worksheet.set_zoom(90)
        if title:
            worksheet.set_row(0, 30)
            self.text(0, 0, title, "title")
            if home:
                worksheet.write_url(1, 0, f"internal:{home}!A1", book.looks["link"], f"← {home}")
            worksheet.freeze_panes(2, 2)
            worksheet.set_column(0, 0, 5)
            worksheet.set_column(1, 1, 6)
            worksheet.set_column(2, 300, 8)
            self.next_row = 3

    def text(self, row: int, column: int, text: str, look: str = "text") -> None:
        """Write words."""
        self.worksheet.write_string(row, column, text, self.book.looks[look])

    def number(self, row: int, column: int, value: float, look: str) -> None:
        """Write a constant."""
        self.book.numbers += 1
        self.worksheet.write_number(row, column, value, self.book.looks[look])

    def formula(self, row: int, column: int, formula: str, value: float | str, look: str) -> None:
        """Write a formula and the value that it has, for readers that do not calculate.

        Args:
            row: Index of the row.
            column: Index of the column.
            formula: Without "="; references to this sheet may name it.
            value: What it comes to.
            look: Name of the cell's format.
        """
        self.book.formulas += 1
        plain = formula.replace(f"{self.name}!", "")
        cached = value if isinstance(value, str) else float(f"{value:.11g}")
        self.worksheet.write_formula(row, column, f"={plain}", self.book.looks[look], cached)

    def section(self, title: str, formula: str, *, width: int = 0) -> None:
        """Write a bar with a title, and below it in words what the cells do.

        Args:
            title: In both languages.
            formula: Begins with a word or `ƒ:`, never with "=".
            width: Columns of the block that follows.
        """
        self.worksheet.set_row(self.next_row, 20)
        self.text(self.next_row, 0, title, self.bar)
        wide = FIRST + min(max(width, NARROWEST_BAR), WIDEST_BAR)
        for column in range(1, self.bar_columns or wide):
            self.worksheet.write_blank(self.next_row, column, None, self.book.looks[self.bar])
        self.text(self.next_row + 1, 0, formula, "formula")
        self.next_row += 2

    def block(self, height: int, width: int, *, left: int = FIRST, number: bool = True) -> Block:
        """Return the block that begins here, below a row that numbers its columns."""
        if number:
            for column in range(width):
                self.worksheet.write_number(
                    self.next_row, left + column, column + 1, self.book.looks["header"]
                )
        return Block(self.name, self.next_row + 1, left, height, width)

    def label_rows(self, block: Block, labels: Sequence[str]) -> None:
        """Number the rows of a block and name each."""
        for row, label in enumerate(labels):
            at = block.top + row
            self.worksheet.write_number(at, 0, row + 1, self.book.looks["label"])
            self.text(at, 1, label, "label")

    def label_positions(self, block: Block, letters: Block, text: str) -> None:
        """Number the rows of a block by position and repeat the letter of each."""
        for row, letter in enumerate(text):
            at = block.top + row
            self.worksheet.write_number(at, 0, row + 1, self.book.looks["label"])
            self.formula(at, 1, letters.cell(row), letter, "letter")

    def head(self, block: Block, title: str) -> None:
        """Write what a block is above its first column, where no numbers stand."""
        self.text(block.top - 1, block.left, title, "header")

    def constants(self, name: str, block: Block, values: Values, look: str) -> Block:
        """Fill a block with constants, and keep it by name."""
        for row, line in enumerate(values.tolist()):
            for column, value in enumerate(line):
                self.number(block.top + row, block.left + column, value, look)
        self.book.blocks[name] = block
        return block

    def compute(
        self, name: str, block: Block, values: Values, formula: Formula, look: str
    ) -> Block:
        """Fill a block with formulas, and keep it by name.

        Args:
            name: That of the values, "L1_q".
            block: Where.
            values: What the formulas come to, of the block's shape.
            formula: Gives each cell's formula, or None where the mask is.
            look: Name of the cells' format.

        Returns:
            The block.

        Raises:
            ValueError: If the values are not of the block's shape.
        """
        if values.shape != (block.height, block.width):
            raise ValueError(
                f"the values of {name!r} (of shape {values.shape}) must be of shape "
                f"{(block.height, block.width)}, that of their block"
            )
        for row, line in enumerate(values.tolist()):
            for column, value in enumerate(line):
                written = formula(row, column)
                at = block.top + row, block.left + column
                if written is None:
                    self.text(*at, MASKED, "masked")
                else:
                    self.formula(*at, written, value, look)
        self.book.blocks[name] = block
        return block

    def below(self, block: Block) -> None:
        """Go on two rows below a block."""
        self.next_row = block.top + block.height + 1
