"""Models as workbooks of live formulas, for any spreadsheet program."""

from __future__ import annotations

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.book import FUNCTIONS, Workbook
from explainer.spreadsheet.nanogpt import write_nanogpt
from explainer.spreadsheet.tiny import write_tiny

__all__ = ["FUNCTIONS", "Block", "Workbook", "write_nanogpt", "write_tiny"]
