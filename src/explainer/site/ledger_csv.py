"""The ledger as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from explainer.site.ledger import Row

_FIELDS = (
    *("page", "title", "kind", "text", "value", "expression", "format"),
    *("snippet", "line", "run", "measured"),
)


def to_csv(rows: Sequence[Row]) -> str:
    """Return `ledger.csv`: the fields of `Row` that spreadsheets can use, a row a number.

    Args:
        rows: All numbers of one language's pages; they are sorted by page, as in `to_json`.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_FIELDS)
    for row in sorted(rows, key=lambda row: (row.language, row.page)):
        writer.writerow([_cell(getattr(row, name)) for name in _FIELDS])
    return file.getvalue()


def _cell(value: object) -> object:
    """Keep a spreadsheet from reading a text as a formula; a negative number is none."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return value
