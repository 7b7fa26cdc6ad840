"""No number is typed: figures in prose are refused, unless one list says why they may stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from explainer.site import figures, glossary, source
from explainer.site.errors import Problem
from explainer.site.source import LANGUAGES, Page

ALLOWED = "docs/allowed.toml"
_KEYS = {"text", "pattern", "pages", "reason"}
_CONTEXT = 16
_FIX = f"quote it, `{{{{ snippet.value }}}}`, or add it to {ALLOWED} with a reason"


@dataclass(frozen=True)
class Allowance:
    """One entry of the list of exceptions.

    Args:
        pattern: What may stay.
        shown: It, as written.
        pages: Which pages it is for: a glob over "zh/parameters/counting.md" or the part
            after the language.
        line: Its line in `docs/allowed.toml`.
    """

    pattern: re.Pattern[str]
    shown: str
    pages: str
    line: int

    def covers(self, name: str) -> bool:
        """Return whether a page, "zh/parameters/counting.md", is meant."""
        return fnmatchcase(name, self.pages) or fnmatchcase(name.partition("/")[2], self.pages)


def check(root: Path, pages: Mapping[str, Page] | None = None) -> list[Problem]:
    """Refuse typed figures, `<data>` elements written by hand, and what cannot be read.

    Args:
        root: The project's root.
        pages: Its pages, if they are read already.
    """
    pages = source.load(root) if pages is None else pages
    allowances, problems = _allowances(root)
    used: set[int] = set()
    for page in pages.values():
        problems += page.problems
        problems += [_typed_data(page, tag.line) for tag in page.tags if tag.name == "data"]
        name = page.path.removeprefix("docs/")
        here = [allowance for allowance in allowances if allowance.covers(name)]
        for figure in _figures(page.prose, here, used):
            context = _context(page.text, figure.start, figure.end)
            problems.append(_typed(page.path, page.line(figure.start), figure.text, context))
    problems += _glossary(root, [a for a in allowances if a.covers("glossary.toml")], used)
    problems += [_unused(allowance) for allowance in allowances if allowance.line not in used]
    return problems


def _figures(text: str, here: list[Allowance], used: set[int]) -> Iterator[figures.Figure]:
    """Yield the figures that no allowance covers; note the allowances that cover one."""
    found = figures.find(text)
    if not found:
        return
    allowed = [
        (match.start(), match.end(), allowance.line)
        for allowance in here
        for match in allowance.pattern.finditer(text)
    ]
    for figure in found:
        lines = {line for start, end, line in allowed if start <= figure.start < figure.end <= end}
        used |= lines
        if not lines:
            yield figure


def _typed(path: str, line: int, text: str, context: str) -> Problem:
    return Problem(path, line, f"the figure {text!r} is typed: “{context}”", _FIX)


def _context(text: str, start: int, end: int) -> str:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before, after = max(first, start - _CONTEXT), min(last, end + _CONTEXT)
    while after < last and text[after - 1 : after + 1].isascii() and text[after].isalnum():
        after += 1
    while before > first and text[before - 1 : before + 1].isascii() and text[before - 1].isalnum():
        before -= 1
    words = re.sub(r"\s+", " ", text[before:after]).strip()
    return f"{'…' if before > first else ''}{words}{'…' if after < last else ''}"


def _typed_data(page: Page, line: int) -> Problem:
    message = "a `<data>` element is written by hand: it would pass for a computed number"
    return Problem(page.path, line, message, "write `{{ snippet.value:format }}` instead")


def _unused(allowance: Allowance) -> Problem:
    message = f"the exception {allowance.shown!r} matches no figure any more"
    return Problem(ALLOWED, allowance.line, message, "take the entry out")


def _glossary(root: Path, here: list[Allowance], used: set[int]) -> Iterator[Problem]:
    """Read the names, definitions and senses of the glossary as prose, code spans left out."""
    terms, _ = glossary.read(root)
    for term in terms.terms.values():
        for language in LANGUAGES:
            texts = [term.names[language], term.definitions[language]]
            texts += [sense[language] for sense in term.senses]
            for text in texts:
                prose = re.sub(r"`[^`]*`", lambda code: " " * len(code[0]), text)
                for figure in _figures(prose, here, used):
                    context = _context(text, figure.start, figure.end)
                    yield _typed(glossary.PATH, term.line, figure.text, context)


def _allowances(root: Path) -> tuple[list[Allowance], list[Problem]]:
    path = root / ALLOWED
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    try:
        entries = tomllib.loads(text).get("allow", [])
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else 0
        return [], [Problem(ALLOWED, line, f"not TOML: {error}", "mend the syntax")]
    lines = [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if re.match(r"\s*\[\[\s*allow\s*\]\]", line)
    ]
    found: list[Allowance] = []
    problems: list[Problem] = []
    for line, entry in zip(lines, entries, strict=False):
        refused = _refusal(entry)
        if refused:
            problems.append(Problem(ALLOWED, line, *refused))
        else:
            found.append(_allowance(entry, line))
    return found, problems


def _refusal(entry: dict[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with an entry, and the fix."""
    shown = str(entry.get("text") or entry.get("pattern") or "")
    if unknown := sorted(set(entry) - _KEYS):
        return f"unknown key `{unknown[0]}`", f"the keys are {', '.join(sorted(_KEYS))}"
    if ("text" in entry) == ("pattern" in entry) or not shown:
        return "an exception needs exactly one of `text` and `pattern`", 'write `text = "…"`, say'
    if not str(entry.get("reason", "")).strip():
        return f"the exception {shown!r} gives no reason", 'add `reason = "…"`: why may it stay?'
    try:
        empty = re.compile(str(entry.get("pattern", "x"))).search("")
    except re.error as error:
        return f"the pattern {shown!r} is no regular expression: {error}", "mend it"
    if empty:
        return f"the pattern {shown!r} matches everything", "name what may stay"
    return None


def _allowance(entry: dict[str, Any], line: int) -> Allowance:
    if "text" in entry:
        shown = str(entry["text"])
        pattern = re.compile(r"\s+".join(re.escape(word) for word in shown.split()))
    else:
        shown = str(entry["pattern"])
        pattern = re.compile(shown)
    return Allowance(pattern, shown, str(entry.get("pages", "*")), line)
