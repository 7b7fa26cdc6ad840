"""A line as a sheet: two parameters, one question, and a row for each step of their descent."""

from __future__ import annotations

import numpy as np

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.look import ROLES
from explainer.spreadsheet.sheet import Sheet, Values

NUM_STEPS = 200
LEARNING_RATE = 0.1
POINTS = ((1.0, 2.0), (1.0, 3.0))  # both x, both y
QUESTION = (0.5, 0.5, 5.0)  # a, b, x
NAMES = ("a", "b", "error_1", "error_2", "loss", "slope_a", "slope_b")
HEADS = ("step 步", "a", "b", "error 1", "error 2", "loss 损失", "∂L/∂a", "∂L/∂b")


def write_line(sheet: Sheet) -> None:
    """Write the line, its points and its gradient descent, with two charts."""
    sheet.worksheet.set_column(0, 0, 10)
    sheet.worksheet.set_column(1, 7, 11)
    sheet.bar_columns = len(HEADS)
    _write_use(sheet)
    points, rate = _write_points(sheet)
    _write_descent(sheet, points, rate)
    _draw(sheet)


def descent() -> Values:
    """Return the rows of the descent: a, b, both errors, loss, both slopes, `[steps + 1, 7]`."""
    x, y = np.array(POINTS)
    a = b = 0.0
    rows = []
    for _ in range(NUM_STEPS + 1):
        errors = a * x + b - y
        slopes = 2 * (errors @ x) / 2, 2 * errors.mean()
        rows.append([a, b, *errors, errors @ errors / 2, *slopes])
        a, b = a - LEARNING_RATE * slopes[0], b - LEARNING_RATE * slopes[1]
    return np.array(rows)


def _write_use(sheet: Sheet) -> None:
    """Write y = a x + b with numbers to change."""
    note = "ƒ: y = a · x + b; change the framed cells · 带框的格子可以改"
    sheet.section("A line · 一条直线", note)
    top = sheet.next_row
    looks = (("a", "given"), ("b", "given_bias"), ("x", "given_data"))
    for column, ((name, look), value) in enumerate(zip(looks, QUESTION, strict=True), 1):
        sheet.text(top, column, name, "header")
        sheet.number(top + 1, column, value, look)
    given = Block(sheet.name, top + 1, 1, 1, 3)
    sheet.text(top, 4, "y", "header")
    a, b, x = QUESTION
    formula = f"{given.cell(0, 0)}*{given.cell(0, 2)}+{given.cell(0, 1)}"
    sheet.formula(top + 1, 4, formula, a * x + b, "vector")
    sheet.book.blocks |= {"question": given, "answer": Block(sheet.name, top + 1, 4, 1, 1)}
    sheet.next_row = top + 3


def _write_points(sheet: Sheet) -> tuple[Block, Block]:
    """Write two points and the learning rate; return where they stand."""
    note = "two points to pass through, and how far a step goes · 要穿过的两个点，和一步走多远"
    sheet.section("Data and learning rate · 数据与学习率", note)
    points = Block(sheet.name, sheet.next_row + 1, 1, 2, 2)
    for column in range(2):
        sheet.text(points.top - 1, points.left + column, f"point {column + 1} 点", "header")
    for row, name in enumerate(("x", "y")):
        sheet.text(points.top + row, 0, name, "label")
    sheet.constants("points", points, np.array(POINTS), "given_data")
    rate = Block(sheet.name, points.top, 4, 1, 1)
    sheet.text(points.top - 1, 4, "η", "header")
    sheet.number(rate.top, rate.left, LEARNING_RATE, "given_data")
    sheet.book.blocks["learning_rate"] = rate
    sheet.next_row = points.top + 3
    return points, rate


def _write_descent(sheet: Sheet, points: Block, rate: Block) -> None:
    """Write a row for each step: where it stands, how wrong that is, which way is down."""
    note = "ƒ: loss = mean of error²; next a = a − η · ∂L/∂a; next b = b − η · ∂L/∂b"
    sheet.section("Gradient descent, a row a step · 梯度下降，一行一步", note)
    for column, head in enumerate(HEADS):
        sheet.text(sheet.next_row, column, head, "header")
    values = descent()
    block = Block(sheet.name, sheet.next_row + 1, 1, *values.shape)
    for row in range(block.height):
        sheet.worksheet.write_number(block.top + row, 0, row, sheet.book.looks["label"])
    for column, name in enumerate(NAMES):
        first = int(column < 2)  # where a and b begin is for the reader to say
        if first:
            look = ("given", "given_bias")[column]
            sheet.number(block.top, block.left + column, values[0, column], look)
        part = Block(sheet.name, block.top + first, block.left + column, block.height - first, 1)

        def step(row: int, _: int, column: int = column, first: int = first) -> str:
            return _cell_of_step(block, points, rate, row + first, column)

        look = ("parameter", "bias", *["helper"] * 5)[column]
        sheet.compute(name, part, values[first:, column : column + 1], step, look)
    sheet.book.blocks["descent"] = block


def _cell_of_step(block: Block, points: Block, rate: Block, row: int, column: int) -> str:
    """Return the formula of one column of one step."""
    errors = block.row(row, start=2, stop=4)
    if column < 2:
        return f"{block.cell(row - 1, column)}-{rate.cell()}*{block.cell(row - 1, column + 5)}"
    if column < 4:
        x, y = points.cell(0, column - 2), points.cell(1, column - 2)
        return f"{block.cell(row, 0)}*{x}+{block.cell(row, 1)}-{y}"
    return {
        4: f"SUMPRODUCT({errors},{errors})/COLUMNS({errors})",
        5: f"2*SUMPRODUCT({errors},{points.row(0)})/COLUMNS({errors})",
        6: f"2*AVERAGE({errors})",
    }[column]


def _draw(sheet: Sheet) -> None:
    """Draw how the loss falls and where both parameters go."""
    book, rows = sheet.book, sheet.book.blocks["descent"]
    first, last = rows.top, rows.top + rows.height - 1
    wanted: tuple[tuple[str, tuple[tuple[str, str, str], ...], dict[str, int]], ...] = (
        ("loss · 损失", (("loss", "loss", ROLES["masked"][0]),), {"log_base": 10}),
        (
            "a, b",
            (("a", "a", ROLES["parameter"][0]), ("b", "b", ROLES["bias"][0])),
            {},
        ),
    )
    for place, (title, series, axis) in enumerate(wanted):
        chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight"})
        for name, label, colour in series:
            column = rows.left + NAMES.index(name)
            chart.add_series(
                {
                    "name": label,
                    "categories": [sheet.name, first, rows.left - 1, last, rows.left - 1],
                    "values": [sheet.name, first, column, last, column],
                    "line": {"color": colour, "width": 2},
                }
            )
        chart.set_title({"name": title, "name_font": {"size": 11}})
        chart.set_x_axis({"min": 0, "max": NUM_STEPS, "name": "step · 步", "label_position": "low"})
        chart.set_y_axis(
            axis | {"major_gridlines": {"visible": True, "line": {"color": "#E4E0D8"}}}
        )
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
        chart.set_size({"width": 520, "height": 300})
        sheet.worksheet.insert_chart(3 + 17 * place, 9, chart)
