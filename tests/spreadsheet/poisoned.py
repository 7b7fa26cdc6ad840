"""Copies of a workbook whose stored values are wrong, and IronCalc to calculate them anew.

A program that shows what is stored instead of calculating would pass any test on the file itself:
LibreOffice does so by default. In a poisoned copy every formula's value is 12345 or "BAD", so that
each right value was really computed.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import ironcalc
import numpy as np

from explainer.spreadsheet import Block

_CELL = re.compile(r"<c ([^>]*)>(<f>.*?</f>)<v>.*?</v></c>")
_TEXT = re.compile(r't="str"')


def poison(path: Path, copy: Path) -> int:
    """Write a copy of a workbook with wrong values; return how many formulas it has."""
    count = 0

    def spoil(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        attributes, formula = found.groups()
        value = "BAD" if _TEXT.search(attributes) else "12345"
        return f"<c {attributes}>{formula}<v>{value}</v></c>"

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode() if name.endswith((".xml", ".rels")) else None
            if content is not None and name.startswith("xl/worksheets/sheet"):
                content = _CELL.sub(spoil, content)
            new.writestr(name, old.read(name) if content is None else content)
    return count


class Calculated:
    """A workbook in IronCalc: type, calculate, read."""

    def __init__(self, path: Path) -> None:
        """Load a workbook and calculate it."""
        self.model: Any = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        names = [one["name"] for one in self.model.get_worksheets_properties()]
        self.places = {name: place for place, name in enumerate(names)}
        self.model.evaluate()

    def type(self, cell: Block, text: str) -> None:
        """Type into a cell and calculate."""
        self.model.set_user_input(self.places[cell.sheet], cell.top + 1, cell.left + 1, text)
        self.model.evaluate()

    def read(self, block: Block) -> list[list[Any]]:
        """Return the values of a block, row by row."""
        sheet = self.places[block.sheet]
        return [
            [
                self.model.get_cell_value(sheet, block.top + row + 1, block.left + column + 1)
                for column in range(block.width)
            ]
            for row in range(block.height)
        ]

    def numbers(self, block: Block) -> Any:
        """Return a block's numbers, minus infinity where a cell holds the sign of the mask."""
        masked = [[-np.inf if value == "–" else value for value in row] for row in self.read(block)]
        return np.array(masked, np.float64)

    def text(self, cell: Block) -> Any:
        """Return what a cell says."""
        return self.read(cell)[0][0]
