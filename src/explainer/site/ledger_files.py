"""The ledger as files: JSON for machines, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from explainer.facts import load as load_facts
from explainer.site.ledger import Row
from explainer.site.provenance import versions
from explainer.site.runs import Run

_FIELDS = (
    *("page", "title", "kind", "text", "value", "expression", "format"),
    *("snippet", "line", "run", "measured"),
)


def to_json(rows: Sequence[Row], runs: Mapping[str, Run]) -> str:
    """Return `numbers.json`, the ledger for machines.

    Its keys: `numbers`, by page and in the order of the page, each with the fields of `Row`
    (`value` is text, so that no reader of JSON rounds it); `runs`, by snippet id, each with
    `device` and `versions`; `facts`, by id, each with `unit`, `title`, `url`, `date`, `note`.

    Args:
        rows: All numbers of the site's pages.
        runs: Runs by snippet id; those that no number comes from are left out.
    """
    named = {row.run for row in rows}
    facts = {f"facts.{key}": fact for key, fact in load_facts().items()}
    shown = ("unit", "title", "url", "date", "note")
    document = {
        "numbers": [asdict(row) for row in sorted(rows, key=lambda row: (row.language, row.page))],
        "runs": {
            id: {"device": run.device, "versions": versions(run)}
            for id, run in runs.items()
            if id in named
        },
        "facts": {
            id: {key: getattr(fact, key) for key in shown}
            for id, fact in facts.items()
            if id in named
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


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
