"""Checks of `explainer.spreadsheet.blocks`."""

from __future__ import annotations

import pytest
import xlsxwriter.utility

from explainer.spreadsheet.blocks import Block, column_letters


@pytest.mark.parametrize("column", [0, 25, 26, 51, 52, 701, 702, 703, 16_383])
def test_column_letters(column: int) -> None:
    """A column is called as XlsxWriter calls it, at each change of length."""
    assert column_letters(column) == xlsxwriter.utility.xl_col_to_name(column)


def test_parts_of_a_block() -> None:
    """Rows, columns and cells of a block count from its own corner."""
    block = Block("S", top=4, left=2, height=3, width=4)
    assert block.area == "S!$C$5:$F$7"
    assert block.cell(2, 3) == "S!$F$7"
    assert block.row(1, start=1, stop=3) == "S!$D$6:$E$6"
    assert block.column(3, start=1) == "S!$F$6:$F$7"
