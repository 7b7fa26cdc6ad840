"""The two languages are one book: the same pages, headings, blocks, figures and values."""

from __future__ import annotations

import difflib
import json
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from explainer.site import source
from explainer.site.blocks import Fence
from explainer.site.errors import Problem
from explainer.site.source import LANGUAGES, Page
from explainer.site.specs import KINDS, TEXT_KEYS, skeleton


@dataclass(frozen=True)
class _Item:
    """What must stand on both pages: `key` is compared, `shown` is what messages call it."""

    key: str
    shown: str
    line: int


def check(root: Path, pages: Mapping[str, Page] | None = None) -> list[Problem]:
    """Refuse whatever stands in one language only.

    Args:
        root: The project's root.
        pages: Its pages, if they are read already.
    """
    pages = source.load(root) if pages is None else pages
    by_language = {
        language: {page.name: page for page in pages.values() if page.language == language}
        for language in LANGUAGES
    }
    problems: list[Problem] = []
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        for name, page in by_language[language].items():
            problems += _headings_alone(page)
            if name not in by_language[other]:
                message = f"this page stands in {language!r} only: there is no docs/{other}/{name}"
                problems.append(Problem(page.path, 0, message, f"write docs/{other}/{name}"))
    for name, page in by_language["zh"].items():
        if name in by_language["en"]:
            problems += _compared(page, by_language["en"][name])
    return problems


def _headings_alone(page: Page) -> Iterator[Problem]:
    """Refuse headings without an id, and ids that stand twice; a page's title needs none."""
    seen: dict[str, int] = {}
    for at, heading in enumerate(page.headings):
        if not heading.id and not (at == 0 and heading.level == 1):
            message = f"the heading {heading.text!r} has no id"
            fix = "write `{#id}` after it, the same one in both languages"
            yield Problem(page.path, heading.line, message, fix)
    named = [(heading.id, heading.line) for heading in page.headings if heading.id]
    named += [(found.id, found.line) for found in page.ids]
    named += [(spec.id, spec.line) for spec in page.specs if spec.id]
    for identifier, line in sorted(named, key=lambda pair: pair[1]):
        if identifier in seen:
            message = f"the id #{identifier} stands at line {seen[identifier]} already"
            yield Problem(page.path, line, message, "give one of them another id")
        seen.setdefault(identifier, line)


def _compared(zh: Page, en: Page) -> Iterator[Problem]:
    headings = list(_same_headings(zh, en))
    yield from headings
    yield from _same(zh, en, "front matter", _front(zh), _front(en))
    yield from _same(zh, en, "code block", _code(zh), _code(en))
    yield from _same(zh, en, "table, chart or widget", _specs(zh), _specs(en))
    yield from _same(zh, en, "figure", _figures(zh), _figures(en))
    yield from _same(zh, en, "element", _elements(zh), _elements(en))
    yield from _same(zh, en, "block", _admonitions(zh), _admonitions(en))
    if not headings:
        yield from _same_expressions(zh, en)


def _same_headings(zh: Page, en: Page) -> Iterator[Problem]:
    """Compare ids first, so that a missing heading is not told as many moved ones."""
    levels = [{h.id: h for h in page.headings} for page in (zh, en)]
    for at, (page, other) in enumerate(((zh, en), (en, zh))):
        for identifier, heading in levels[at].items():
            if identifier and identifier not in levels[1 - at]:
                message = (
                    f"the heading {{#{identifier}}} stands in {page.path} only, not in {other.path}"
                )
                fix = f"write it in {other.path} too, or take it out here"
                yield Problem(page.path, heading.line, message, fix)
    for identifier, heading in levels[0].items():
        if (twin := levels[1].get(identifier)) and twin.level != heading.level:
            message = (
                f"the heading {{#{identifier}}} has level {heading.level} here and level "
                f"{twin.level} in {en.path}:{twin.line}"
            )
            yield Problem(zh.path, heading.line, message, "give both the same number of `#`")
    orders = [
        [
            _Item(h.id, f"{{#{h.id}}}", h.line)
            for h in page.headings
            if h.id in levels[0].keys() & levels[1]
        ]
        for page in (zh, en)
    ]
    if len(orders[0]) == len(orders[1]):
        yield from _same(zh, en, "heading", *orders, moved=True)


def _same(
    zh: Page, en: Page, what: str, mine: list[_Item], theirs: list[_Item], *, moved: bool = False
) -> Iterator[Problem]:
    """Compare two sequences, and name each item that has no twin at its place."""
    keys = [[item.key for item in items] for items in (mine, theirs)]
    if keys[0] == keys[1]:
        return
    matcher = difflib.SequenceMatcher(a=keys[0], b=keys[1], autojunk=False)
    for operation, a, a_end, b, b_end in matcher.get_opcodes():
        if operation == "equal":
            continue
        pairs = min(a_end - a, b_end - b)
        for one, two in zip(mine[a : a + pairs], theirs[b : b + pairs], strict=True):
            message = f"{what} {one.shown} stands where {en.path}:{two.line} has {two.shown}"
            fix = "make both the same, in the same order; only words may differ"
            yield Problem(zh.path, one.line, message, fix)
        for page, other, items in (
            (zh, en, mine[a + pairs : a_end]),
            (en, zh, theirs[b + pairs : b_end]),
        ):
            for item in items:
                lack = "stands elsewhere in" if moved else "has no twin at this place in"
                message = f"{what} {item.shown} {lack} {other.path}{_near(other, page, item)}"
                fix = f"write it in {other.path} too, or take it out here"
                yield Problem(
                    page.path, item.line, message, "bring both into one order" if moved else fix
                )
                if moved:
                    return


def _near(other: Page, page: Page, item: _Item) -> str:
    """Return the line in the other page of the section that an item stands in."""
    section = page.section(item.line)
    line = next((heading.line for heading in other.headings if heading.id == section), 0)
    return f":{line}, section #{section}" if section and line else ""


def _front(page: Page) -> list[_Item]:
    items = []
    for key, value in page.front.items():
        kept = "…" if str(key) in TEXT_KEYS else json.dumps(skeleton(value), default=str)
        items.append(_Item(f"{key}: {kept}", f"`{key}: {kept}`", page.front_lines.get(str(key), 0)))
    return sorted(items, key=lambda item: item.key)


def _code(page: Page) -> list[_Item]:
    blocks = [fence for fence in page.fences if fence.language not in KINDS]
    return [_Item(_code_key(block), _code_shown(block), block.line) for block in blocks]


def _code_key(block: Fence) -> str:
    options = {key: value for key, value in block.options.items() if key != "title"}
    return json.dumps([block.language, options, block.body.strip()], sort_keys=True)


def _code_shown(block: Fence) -> str:
    if reference := block.options.get("snippet"):
        options = " ".join(
            f'{key}="{value}"'
            for key, value in block.options.items()
            if key not in ("exec", "title")
        )
        return f"`{options}`" if options else f'`snippet="{reference}"`'
    first = next((line.strip() for line in block.body.splitlines() if line.strip()), "")
    return f"```{block.language} `{first[:40]}`" if first else f"```{block.language}"


def _specs(page: Page) -> list[_Item]:
    items = []
    for spec in page.specs:
        data = spec.yaml.data
        if spec.kind == "widget":  # its height is that of its words
            data = {key: value for key, value in data.items() if key != "height"}
        kept = json.dumps(skeleton(data), default=str)
        items.append(_Item(spec.kind + kept, f"{spec.kind} #{spec.id} {_short(kept)}", spec.line))
    return items


def _short(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _figures(page: Page) -> list[_Item]:
    images = [link for link in page.links if link.is_image]
    names = [(f"#{i.id}" if i.id else posixpath.basename(i.target), i.line) for i in images]
    return [_Item(name, name, line) for name, line in names]


def _elements(page: Page) -> list[_Item]:
    tags = [
        (f"<{t.name} id={t.attributes.get('id', '')!r}>", t.line)
        for t in page.tags
        if "-" in t.name
    ]
    return [_Item(shown, shown, line) for shown, line in tags]


def _admonitions(page: Page) -> list[_Item]:
    return [
        _Item(block.kind, f"{block.kind} {block.title!r}", block.line) for block in page.admonitions
    ]


def _same_expressions(zh: Page, en: Page) -> Iterator[Problem]:
    """Compare the values that each section quotes; order and formats may differ."""
    counts: list[Counter[tuple[str, str]]] = []
    lines: list[dict[tuple[str, str], int]] = []
    for page in (zh, en):
        counts.append(Counter())
        lines.append({})
        for expression in page.expressions:
            quote = expression.quote
            key = (page.section(expression.line), "assert " * quote.is_assert + quote.normal)
            counts[-1][key] += 1
            lines[-1].setdefault(key, expression.line)
    for at, (page, other) in enumerate(((zh, en), (en, zh))):
        for key, more in (counts[at] - counts[1 - at]).items():
            section, shown = key
            where = f"section #{section}" if section else "before the first section"
            twin = next((h.line for h in other.headings if h.id == section), 1)
            message = (
                f"`{{{{ {shown} }}}}` stands {_times(counts[at][key])} here ({where}), "
                f"{_times(counts[at][key] - more)} in {other.path}:{lines[1 - at].get(key, twin)}"
            )
            fix = f"quote it in {other.path} too, or take it out here"
            yield Problem(page.path, lines[at][key], message, fix)


def _times(count: int) -> str:
    return {0: "not", 1: "once", 2: "twice"}.get(count, f"{count} times")
