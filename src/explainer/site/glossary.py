"""The glossary: each term once, in both languages, with what it means and where it is taught."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from explainer.site import source
from explainer.site.errors import Problem
from explainer.site.source import LANGUAGES, Page

PATH = "docs/glossary.toml"
_ID = re.compile(r"[a-z]+(?:-[a-z]+)*")
_KEYS = {"group", "zh", "en", "plural", "symbol", "code", "definition", "senses", "page", "anchor"}
_WORDS = {
    "zh": ("这个词有几个意思：", "符号", "代码中写作", "讲到“{}”的一页", "；"),
    "en": (
        "The word has several meanings:",
        "symbol",
        "in code",
        "the page that teaches “{}”",
        "; ",
    ),
}


@dataclass(frozen=True)
class Term:
    """A term.

    Args:
        id: Its id, the anchor on the glossary page: "learning-rate".
        group: Id of the group that it stands in.
        names: Its name by language.
        plural: Its name in English where several are counted, if a page asks for it.
        definitions: What it means, in one line, by language.
        symbol: The letter that formulas use, if any.
        code: The name that code uses, if any.
        senses: Where the word has several meanings, each by language.
        page: The page that teaches it, "parameters/counting.md", if any.
        anchor: Heading of that page, if any.
        line: Line of `docs/glossary.toml`.
    """

    id: str
    group: str
    names: Mapping[str, str]
    plural: str
    definitions: Mapping[str, str]
    symbol: str
    code: str
    senses: tuple[Mapping[str, str], ...]
    page: str
    anchor: str
    line: int

    def name(self, language: str) -> str:
        """Return its name in a language."""
        return self.names[language]


@dataclass(frozen=True)
class Glossary:
    """All terms, in the order of the file, and the groups that they stand in."""

    terms: Mapping[str, Term]
    groups: Mapping[str, Mapping[str, str]]

    def get(self, id: str) -> Term | None:
        """Return the term with an id or, for a plural, with that for its English name; or None."""
        return self.terms.get(id) or self._plurals.get(id)

    def term(self, id: str, language: str) -> str:
        """Return the name of a term.

        Raises:
            KeyError: If there is no such term.
        """
        return (self.terms.get(id) or self._plurals[id]).name(language)

    @functools.cached_property
    def _plurals(self) -> dict[str, Term]:
        return {
            term.plural: replace(term, names={**term.names, "en": term.plural})
            for term in self.terms.values()
            if term.plural
        }

    def anchors(self) -> set[str]:
        """Return the ids that the glossary page gives."""
        return set(self.terms) | {f"terms-{group}" for group in self.groups}

    def render(self, language: str) -> str:
        """Return the glossary page's HTML in a language."""
        return "".join(
            f'<section aria-labelledby="terms-{id}"><h3 id="terms-{id}">{escape(names[language])}'
            f'</h3><dl class="glossary">'
            + "".join(_entry(t, language) for t in self.terms.values() if t.group == id)
            + "</dl></section>"
            for id, names in self.groups.items()
        )

    def render_several(self, language: str) -> str:
        """Return the words of several meanings as HTML, each with a link to its entry.

        Search finds the entries; it need not find their meanings twice.
        """
        items = "".join(
            f'<div><dt><a href="#{term.id}">{escape(term.name(language))}</a></dt><dd>'
            + "<br>".join(_inline(sense[language]) for sense in term.senses)
            + "</dd></div>"
            for term in self.terms.values()
            if term.senses
        )
        return f'<dl class="glossary several" data-search-exclude="true">{items}</dl>'


def load(root: Path) -> Glossary:
    """Read `docs/glossary.toml`.

    Args:
        root: The project's root.

    Raises:
        Problem: The first that the file has by itself.
    """
    glossary, problems = read(root)
    if problems:
        raise problems[0]
    return glossary


def read(root: Path) -> tuple[Glossary, list[Problem]]:
    """Read `docs/glossary.toml` as far as it can be read, with all its problems."""
    path = root / PATH
    glossary, problems = _parse(path.read_text(encoding="utf-8") if path.is_file() else "")
    return glossary, list(problems)


@functools.lru_cache(maxsize=16)
def _parse(text: str) -> tuple[Glossary, tuple[Problem, ...]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        problem = Problem(PATH, int(at[1]) if at else 0, f"not TOML: {error}", "mend the syntax")
        return Glossary({}, {}), (problem,)
    lines = {m[1]: text.count("\n", 0, m.start()) + 1 for m in _HEADERS.finditer(text)}
    groups = data.get("groups", {})
    terms: dict[str, Term] = {}
    problems: list[Problem] = []
    for id, entry in data.get("terms", {}).items():
        line = lines.get(id, 0)
        refusals = list(_refusals(id, entry, groups))
        problems += [Problem(PATH, line, message, fix) for message, fix in refusals]
        if not refusals:
            terms[id] = _term(id, entry, line)
    return Glossary(terms, groups), (*problems, *_duplicates(terms))


def check(root: Path, pages: Mapping[str, Page] | None = None) -> list[Problem]:
    """Refuse a glossary that is incomplete, and pages that name a term it lacks.

    Args:
        root: The project's root.
        pages: Its pages, if they are read already.
    """
    pages = source.load(root) if pages is None else pages
    glossary, problems = read(root)
    for term in glossary.terms.values():
        problems += _unknown_page(term, pages)
    for page in pages.values():
        problems += _unknown_terms(page, glossary)
    return problems


_HEADERS = re.compile(r"^\[terms\.\"?([\w-]+)\"?\]", re.MULTILINE)


def _refusals(
    id: str, entry: dict[str, Any], groups: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(id):
        yield f"the id {id!r} is not kebab-case English", "write lower-case words joined by `-`"
    for key in sorted(set(entry) - _KEYS):
        yield f"term {id!r} has an unknown key `{key}`", f"the keys are {', '.join(sorted(_KEYS))}"
    for language in LANGUAGES:
        if not entry.get(language):
            yield f"term {id!r} has no name in {language!r}", f'add `{language} = "…"`'
    texts = [("definition", entry.get("definition", {}))]
    texts += [(f"sense {at}", sense) for at, sense in enumerate(entry.get("senses", []), start=1)]
    for what, text in texts:
        for language in LANGUAGES:
            if not isinstance(text, dict) or not text.get(language):
                yield f"term {id!r} has no {what} in {language!r}", f'add `{language} = "…"` to it'
    if entry.get("group") not in groups:
        known = ", ".join(groups)
        yield f"term {id!r} stands in no group ({entry.get('group')!r})", f"groups are: {known}"


def _term(id: str, entry: dict[str, Any], line: int) -> Term:
    return Term(
        id=id,
        group=entry["group"],
        names={language: entry[language] for language in LANGUAGES},
        plural=entry.get("plural", ""),
        definitions=entry["definition"],
        symbol=entry.get("symbol", ""),
        code=entry.get("code", ""),
        senses=tuple(entry.get("senses", ())),
        page=entry.get("page", ""),
        anchor=entry.get("anchor", ""),
        line=line,
    )


def _duplicates(terms: Mapping[str, Term]) -> Iterator[Problem]:
    for language in LANGUAGES:
        seen: dict[str, Term] = {}
        for term in terms.values():
            name = term.name(language).casefold()
            if before := seen.get(name):
                message = (
                    f"{term.id!r} and {before.id!r} (line {before.line}) are both called "
                    f"{term.name(language)!r} in {language!r}"
                )
                yield Problem(PATH, term.line, message, "give one another name, or make it a sense")
            seen.setdefault(name, term)
    for term in terms.values():
        if term.plural in terms:
            message = f"the plural of {term.id!r} is taken: {term.plural!r}"
            yield Problem(PATH, term.line, message, "leave `plural` out, or rename that term")


def _unknown_page(term: Term, pages: Mapping[str, Page]) -> Iterator[Problem]:
    for language in LANGUAGES if term.page else ():
        path = f"docs/{language}/{term.page}"
        if path not in pages:
            message = f"term {term.id!r} names a page that is not there: {path}"
            yield Problem(PATH, term.line, message, "mend `page`, or write that page")
        elif term.anchor and term.anchor not in {h.id for h in pages[path].headings}:
            message = f"term {term.id!r} names a heading that {path} lacks: #{term.anchor}"
            yield Problem(PATH, term.line, message, "mend `anchor`, or leave it out")


def _unknown_terms(page: Page, glossary: Glossary) -> Iterator[Problem]:
    """Find the terms that are named by columns of tables and widgets, and by charts as `term:`."""
    for spec in page.specs:
        for scalar in spec.yaml.scalars:
            is_column = scalar.is_key and scalar.path[0] == "columns" and len(scalar.path) == 2
            is_term = not scalar.is_key and scalar.path[-1] == "term"
            has_columns = spec.kind in ("table", "widget")
            if (has_columns and is_column) or (spec.kind == "chart" and is_term):
                if glossary.get(scalar.value) is None:
                    line = spec.line + 1 + scalar.line
                    message = f"{spec.kind} {spec.id!r} names a term that the glossary lacks: "
                    fix = f"add [terms.{scalar.value}] to {PATH}, or use one of its ids"
                    yield Problem(page.path, line, message + repr(scalar.value), fix)
    for expression in page.expressions:
        literal = re.fullmatch(r"'([^']*)'", expression.quote.normal)
        if expression.quote.format == "term" and literal and not glossary.get(literal[1]):
            message = f"`:term` of {literal[1]!r}, which the glossary lacks"
            yield Problem(
                page.path, expression.line, message, f"add [terms.{literal[1]}] to {PATH}"
            )


def _entry(term: Term, language: str) -> str:
    several, symbol, code, taught, separator = _WORDS[language]
    other = next(name for name in LANGUAGES if name != language)
    tag = {"zh": "zh-Hans", "en": "en"}[other]
    notes = []
    if term.symbol:
        notes.append(f"{symbol} <var>{escape(term.symbol)}</var>")
    if term.code:
        notes.append(f"{code} <code>{escape(term.code)}</code>")
    if term.page:
        url = "../" + re.sub(r"(^|/)index\.md$|\.md$", "/", term.page)
        url += f"#{term.anchor}" if term.anchor else ""
        notes.append(f'<a href="{url}">{taught.format(escape(term.name(language)))}</a>')
    senses = "".join(f"<li>{_inline(sense[language])}</li>" for sense in term.senses)
    return (
        f'<div id="{term.id}"><dt><dfn>{escape(term.name(language))}</dfn> '
        f'<span lang="{tag}">{escape(term.name(other))}</span></dt>'
        f"<dd>{_inline(term.definitions[language])}</dd>"
        + (f"<dd data-search-exclude>{several}<ol>{senses}</ol></dd>" if senses else "")
        + (f'<dd class="notes" data-search-exclude>{separator.join(notes)}</dd>' if notes else "")
        + "</div>"
    )


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
