"""Models as workbooks of live formulas, for any spreadsheet program."""

from __future__ import annotations

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.book import FUNCTIONS, Workbook
from explainer.spreadsheet.nanogpt import write_nanogpt

__all__ = ["FUNCTIONS", "Block", "Workbook", "write_nanogpt"]
