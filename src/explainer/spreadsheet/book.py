"""A workbook: formulas and their values, no macros, the same bytes for the same model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.look import looks
from explainer.spreadsheet.sheet import Sheet

# A date that is always the same: the file says what it holds, not when it was made.
CREATED = datetime(2026, 1, 1)
FUNCTIONS = (
    "ABS AVERAGE COLUMNS EXP IF INDEX LEN MATCH MAX MID PI ROWS SQRT SUM SUMPRODUCT TANH UPPER VARP"
).split()
"""The only functions in our formulas. Excel 2007, LibreOffice and Google Sheets all have them."""


@dataclass(frozen=True)
class Workbook:
    """What was written.

    Args:
        path: The file.
        size_bytes: Its size.
        sha256: Its digest, in hexadecimal.
        sheets: Names of the sheets, in order.
        formulas: How many cells hold a formula.
        numbers: How many cells hold a constant that formulas read.
        blocks: Where each parameter and each intermediate stands, by name.
    """

    path: Path
    size_bytes: int
    sha256: str
    sheets: tuple[str, ...]
    formulas: int
    numbers: int
    blocks: dict[str, Block] = field(repr=False)


class _PlainSheet(Worksheet):  # type: ignore[misc] # XlsxWriter ships no types
    """A worksheet that does not look for functions of later Excels, as we use none.

    That search is a third of the time that a workbook takes. Should XlsxWriter rename the method,
    the search is back and the file the same.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Book:
    """A workbook that is being written."""

    def __init__(self, path: str | Path, *, title: str) -> None:
        """Begin a file at `path`; nothing is on the disk before `close`.

        Raises:
            FileNotFoundError: If there is no such folder.
        """
        self.path = Path(path)
        if not self.path.parent.is_dir():
            raise FileNotFoundError(
                f"cannot write {self.path}: there is no folder {self.path.parent}; make it first"
            )
        self.workbook = xlsxwriter.Workbook(str(path), {"in_memory": True})
        self.workbook.set_properties(
            {"title": title, "author": "explainer", "company": "", "created": CREATED}
        )
        self.workbook.set_size(24_000, 16_000)
        self.looks = {name: self.workbook.add_format(look) for name, look in looks().items()}
        self.blocks: dict[str, Block] = {}
        self.sheets: list[str] = []
        self.formulas = self.numbers = 0

    def sheet(self, name: str, title: str = "", *, color: str = "") -> Sheet:
        """Append a sheet.

        Args:
            name: ASCII, as it stands in formulas.
            title: What stands at its top, in both languages; "" for a sheet without frame.
            color: Of its tab, "#RRGGBB".
        """
        worksheet = self.workbook.add_worksheet(name, worksheet_class=_PlainSheet)
        if color:
            worksheet.set_tab_color(color)
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        home = self.sheets[0] if self.sheets else ""
        self.sheets.append(name)
        return Sheet(self, worksheet, name, title, home)

    def define(self, name: str, cell: Block) -> None:
        """Give one cell a name that formulas and scripts may use."""
        self.workbook.define_name(name, f"={cell.cell()}")

    def close(self) -> Workbook:
        """Write the file and say what it is.

        Raises:
            OSError: If the file cannot be written.
        """
        try:
            self.workbook.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OSError(f"cannot write the workbook {self.path}: {error}") from error
        content = self.path.read_bytes()
        return Workbook(
            path=self.path,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            sheets=tuple(self.sheets),
            formulas=self.formulas,
            numbers=self.numbers,
            blocks=self.blocks,
        )
