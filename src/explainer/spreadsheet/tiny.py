"""Two first lessons as one small workbook: a line that learns, a network to be counted."""

from __future__ import annotations

from pathlib import Path

from explainer.spreadsheet.book import Book, Workbook
from explainer.spreadsheet.count import write_count
from explainer.spreadsheet.line_sheet import write_line
from explainer.spreadsheet.look import INK, ROLES
from explainer.spreadsheet.network_sheet import write_network

COUNTED = (
    ("hidden_weight", "parameter"),
    ("hidden_bias", "bias"),
    ("output_weight", "parameter"),
    ("output_bias", "bias"),
)


def write_tiny(path: str | Path) -> Workbook:
    """Write a line, its gradient descent, and a network of 100, 500 and 10 units.

    `Line` holds $y = a x + b$ and 200 steps of descent on the points (1, 1) and (2, 3), a row a
    step. `MLP_100_500_10` holds a network with random weights: 510 formulas for 510 units, and a
    cell for each of its 55,510 parameters. `Count` counts those by formula.

    Args:
        path: Where to; an existing file is replaced.

    Returns:
        What was written.

    Raises:
        OSError: If the file cannot be written.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     written = write_tiny(f"{folder}/tiny.xlsx")
        >>> written.sheets
        ('Line', 'MLP_100_500_10', 'Count')
    """
    book = Book(path, title="A line and a network · 一条直线和一个网络")
    line = book.sheet("Line", "Two parameters · 两个参数", color=ROLES["vector"][0])
    title = "A network of 100, 500, 10 units · 100–500–10 的网络"
    network = book.sheet("MLP_100_500_10", title, color=ROLES["parameter"][0])
    network.bar = "bar_parameter"
    count = book.sheet("Count", "How many parameters? · 参数有多少？", color=INK)
    write_line(line)
    write_network(network)
    write_count(count, COUNTED)
    return book.close()
