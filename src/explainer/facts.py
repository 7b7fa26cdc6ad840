"""Facts that cannot be computed, each with its source.

`facts.toml` beside this module holds them: a GPU's bandwidth, a published benchmark score.
A fact without unit, title, URL and date does not load.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).parent / "facts.toml"
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?$")


@dataclass(frozen=True)
class Fact:
    """A cited figure.

    Args:
        key: Its name, "h100.bandwidth".
        value: The figure, in `unit`.
        unit: Base unit ("B/s", "FLOP/s", "tokens", "1").
        title: Title of the source.
        url: Address of the source.
        date: Day, month or year of the source, ISO 8601.
        note: What a reader should know beside it; may be empty.
    """

    key: str
    value: int | float | str
    unit: str
    title: str
    url: str
    date: str
    note: str = ""


class FactError(ValueError):
    """A fact that does not load: it lacks a source, or is not a figure."""


@functools.lru_cache(maxsize=8)
def _parse(text: str) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for group, entries in tomllib.loads(text).items():
        for name, entry in entries.items():
            key = f"{group}.{name}"
            found[key] = _fact(key, entry)
    return found


def _fact(key: str, entry: object) -> Fact:
    if not isinstance(entry, dict):
        raise FactError(
            f"fact {key} (={entry!r}) must be a table with value, unit, title, url, date"
        )
    for field in ("value", "unit", "title", "url", "date"):
        if entry.get(field) in (None, ""):
            raise FactError(f"fact {key} has no `{field}`; a fact without a source does not load")
    if unknown := sorted(set(entry) - {"value", "unit", "title", "url", "date", "note"}):
        raise FactError(f"fact {key} has an unknown field `{unknown[0]}`")
    if not str(entry["url"]).startswith(("https://", "http://", "doi:", "arXiv:")):
        raise FactError(
            f"fact {key}: `url` (={entry['url']!r}) must be an address or an arXiv number"
        )
    if not _DATE.match(str(entry["date"])):
        raise FactError(f"fact {key}: `date` (={entry['date']!r}) must be like 2026-11-22")
    return Fact(key, **(entry | {"date": str(entry["date"])}))


def load(path: Path = PATH) -> dict[str, Fact]:
    """Return all facts by their keys.

    Args:
        path: A TOML file of tables `[group.name]` with value, unit, title, url, date, note.

    Returns:
        `{"h100.bandwidth": Fact(…)}`.

    Raises:
        FactError: If a fact has no source, or a field that is unknown.

    Examples:
        >>> all(fact.url for fact in load().values())
        True
    """
    return _parse(path.read_text(encoding="utf-8"))


def value(key: str) -> int | float | str:
    """Return the figure of one fact.

    Args:
        key: Its name, "spreadsheet.rows".

    Returns:
        The value, in the unit of the fact.

    Raises:
        KeyError: If there is no such fact.

    Examples:
        >>> value("spreadsheet.rows")
        1048576
    """
    facts = load()
    if key not in facts:
        raise KeyError(f"no fact {key!r}; there are: {', '.join(sorted(facts))}")
    return facts[key].value
