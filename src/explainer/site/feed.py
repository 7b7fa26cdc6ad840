"""The Atom feed of a language: which pages changed last, by the project's own history."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

FILE = "feed.xml"
ENTRIES = 30
_ATOM = "http://www.w3.org/2005/Atom"  # a name, not an address that anything asks for


@dataclass(frozen=True)
class Entry:
    """A page in the feed.

    Args:
        path: Its file below the project's root.
        url: Its full address.
        title: Its title.
        summary: Its answer in one sentence.
    """

    path: str
    url: str
    title: str
    summary: str


def changes(root: Path, folder: str) -> dict[str, datetime]:
    """Return when each file of a folder last changed; nothing outside a checkout.

    Args:
        root: The project's root.
        folder: Below it: "docs/en".
    """
    done = subprocess.run(
        ["git", "-c", "core.quotePath=off", "log", "--format=@%ct", "--name-only", "--", folder],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    dates: dict[str, datetime] = {}
    when = datetime.fromtimestamp(0, UTC)
    for line in done.stdout.splitlines():
        if line.startswith("@"):
            when = datetime.fromtimestamp(int(line[1:]), UTC)
        elif line:
            dates.setdefault(line, when)
    return dates


def render(
    entries: Sequence[Entry], dates: Mapping[str, datetime], *, title: str, url: str, language: str
) -> str:
    """Return the feed: the pages that changed last, newest first.

    Args:
        entries: All pages of a language.
        dates: When each file changed; a page that is not among them is left out.
        title: The site's name.
        url: The address of its first page in this language.
        language: "zh" or "en".
    """
    known = [entry for entry in entries if entry.path in dates]
    latest = sorted(known, key=lambda entry: (dates[entry.path], entry.path), reverse=True)[
        :ENTRIES
    ]
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": language})
    _add(feed, "id", url)
    _add(feed, "title", title)
    _add(feed, "link", rel="alternate", href=url)
    _add(feed, "link", rel="self", href=url + FILE)
    newest = dates[latest[0].path] if latest else datetime.fromtimestamp(0, UTC)
    _add(feed, "updated", newest.isoformat())
    for entry in latest:
        item = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(item, "id", entry.url)
        _add(item, "title", entry.title)
        _add(item, "link", rel="alternate", href=entry.url)
        _add(item, "updated", dates[entry.path].isoformat())
        if entry.summary:
            _add(item, "summary", entry.summary)
        author = ET.SubElement(item, f"{{{_ATOM}}}author")
        _add(author, "name", title)
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, "unicode") + "\n"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = text


def last_commit(root: Path) -> str:
    """Return the time of the last commit, so that two builds of it give the same bytes."""
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "1767225600"  # outside a checkout: the first day of 2026
