"""The table twin holds what the chart shows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np


def rows(root: ET.Element) -> list[list[str]]:
    """Return the cells of the first table of a twin, heads first."""
    table = next(root.iter("table"))
    return [["".join(c.itertext()) for c in row] for row in table.iter("tr")]


def test_every_datum_is_in_the_table(english: Any) -> None:
    """Marks over the same x share a table, a column each, with what they were computed from."""
    spec = english.plot(
        {"kind": "line", "x": "t", "y": "a", "label": "first"},
        {"kind": "band", "x": "t", "low": "l", "high": "h", "label": "spread"},
        y={"term": "loss", "format": ".2f"},
    )
    values = {"t": [0, 10], "a": [0.5, 0.25], "l": [0.4, 0.2], "h": [0.6, 0.3]}
    root = english.figure(spec, values)
    assert rows(root) == [
        ["step", "first", "spread · low", "spread · high"],
        ["0", "0.50", "0.40", "0.60"],
        ["10", "0.25", "0.20", "0.30"],
    ]
    heads = [cell.get("data-expr") for cell in next(root.iter("thead")).iter("th")]
    assert heads == ["t", "a", "l", "h"]


def test_long_tables_are_thinned_and_say_so(studio: Any) -> None:
    """Beyond 200 rows, 200 stay, with the first and the last, and a line tells how many."""
    t = np.arange(1001)
    root = studio.figure(studio.plot({"kind": "line", "x": "t", "y": "t"}), {"t": t})
    body = rows(root)[1:]
    assert len(body) == 200 and body[0][0] == "0" and body[-1][0] == "1,000"
    note = next(e for e in root.iter("p") if e.get("class") == "twin-note")
    assert "200" in (note.text or "") and "1001" in (note.text or "")


def test_the_twin_is_named_and_unsearched(english: Any, chinese: Any) -> None:
    """The table opens by one tap on words of the page's language, and is not indexed."""
    summaries = set()
    for studio in (english, chinese):
        root = studio.figure(studio.plot({"kind": "line", "x": [0, 1], "y": [1, 2]}))
        details = next(root.iter("details"))
        assert "data-search-exclude" in details.attrib
        summaries.add(details[0].text)
    assert summaries == {"The numbers as a table", "用表格看这些数字"}


def test_a_treemap_tells_shares(english: Any) -> None:
    """Parts, their parts, sizes and shares of the whole."""
    spec = {
        "id": "tree", "title": "T", "description": "D", "kind": "treemap",
        "items": "i", "value": {"term": "loss"},
    }  # fmt: skip
    root = english.figure(spec, {"i": [("a", 30, [("a1", 10), ("a2", 20)]), ("b", 10)]})
    assert rows(root)[1:] == [
        ["a", "–", "30", "75%"],
        ["a2", "a", "20", "50%"],
        ["a1", "a", "10", "25%"],
        ["b", "–", "10", "25%"],
    ]
