"""The sheet that counts parameters: rows times columns of every matrix, summed by a formula."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.sheet import Sheet

COLUMNS = ("cells 单元格", "rows 行", "columns 列", "parameters 参数")


def write_count(sheet: Sheet, names: Sequence[tuple[str, str]]) -> Block:
    """Write a row for each block of parameters and their sum; return the sum's cell.

    Args:
        sheet: Where; its title is written.
        names: Name of each block, and `parameter` or `bias`.
    """
    book, start = sheet.book, sheet.next_row
    sheet.worksheet.set_column(0, 0, 30)
    sheet.worksheet.set_column(1, 1, 30)
    sheet.worksheet.set_column(2, 4, 18)
    sheet.bar_columns = 5
    sheet.section("rows × columns · 行 × 列", "ƒ: ROWS(cells) × COLUMNS(cells)")
    sheet.text(start + 2, 0, "matrix 矩阵", "strong")
    for column, title in enumerate(COLUMNS, 1):
        sheet.text(start + 2, column, title, "strong" if column == 1 else "heading")
    total = 0
    for place, (name, role) in enumerate(names):
        at = start + 3 + place
        block = book.blocks[name]
        sheet.text(at, 0, name, f"{role}_text")
        target = block.area.replace("$", "")
        sheet.worksheet.write_url(at, 1, f"internal:{target}", book.looks["link"], target)
        sheet.formula(at, 2, f"ROWS({block.area})", float(block.height), "count")
        sheet.formula(at, 3, f"COLUMNS({block.area})", float(block.width), "count")
        one = Block(sheet.name, at, 2, 1, 2)
        product = f"{one.cell()}*{one.cell(0, 1)}"
        sheet.formula(at, 4, product, float(block.height * block.width), "count")
        total += block.height * block.width
    last = start + 3 + len(names)
    summed = Block(sheet.name, start + 3, 4, len(names), 1)
    sheet.text(last, 0, "all 合计", "total")
    for place in range(1, 4):
        sheet.worksheet.write_blank(last, place, None, book.looks["total"])
    sheet.formula(last, 4, f"SUM({summed.area})", float(total), "total")
    cell = Block(sheet.name, last, 4, 1, 1)
    book.blocks["parameters"] = cell
    return cell
