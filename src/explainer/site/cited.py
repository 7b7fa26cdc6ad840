"""Facts that do not load are refused before anything that rests on them runs."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from explainer import facts
from explainer.site.errors import Problem

if TYPE_CHECKING:
    from explainer.site.source import Page

SHOWN = "src/explainer/facts.toml"
_KEY = re.compile(r"fact ([\w-]+)\.([\w-]+)")
_LINE = re.compile(r"line (\d+)")


def check(root: Path, pages: Mapping[str, Page] | None = None) -> list[Problem]:
    """Refuse a fact without its source, and a file that is no TOML.

    Args:
        root: The project's root; facts are the library's own.
        pages: Its pages; what they cite is looked up when they are evaluated.
    """
    try:
        facts.load(facts.PATH)
    except facts.FactError as error:
        fix = "give it value, unit, and the title, url and date of its source"
        return [Problem(SHOWN, _line(str(error)), str(error), fix)]
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        return [Problem(SHOWN, int(found[1]) if found else 0, f"not TOML: {error}", "mend it")]
    return []


@functools.lru_cache(maxsize=512)
def line_of(key: str) -> int:
    """Return the line on which a fact begins; 0 if there is none of that name."""
    return _line(f"fact {key}")


def _line(message: str) -> int:
    """Return the line on which the fact that a message names begins."""
    if not (named := _KEY.search(message)):
        return 0
    text = facts.PATH.read_text(encoding="utf-8")
    for head in (rf"\[{named[1]}\.{named[2]}\]", rf"{named[2]}\s*="):
        if found := re.search(rf"^{head}", text, re.MULTILINE):
            return text.count("\n", 0, found.start()) + 1
    return 0
