"""Evaluate everything that a page quotes, without rendering it, and find all that is refused.

Rendering stops at a page's first refusal. Here each sentence's value, each guard, code block,
table, chart and widget is asked for by itself, through the functions that draw it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from markdown import Markdown

from explainer.site import fences, inline, tables, widgets
from explainer.site.blocks import Fence
from explainer.site.context import PageContext
from explainer.site.errors import Problem
from explainer.site.expressions import TEMPLATE
from explainer.site.extension import Quoting, Refusal
from explainer.site.markup import Expression
from explainer.site.source import Page, Spec
from explainer.site.specs import KINDS, skeleton
from explainer.site.values import QuoteError

_INLINE_TAGS = frozenset("a abbr b br code em i img kbd small span strong sub sup time".split())


class Evaluator:
    """Evaluates pages one after the other; a chart that both languages share is drawn once.

    Args:
        root: The project's root.
    """

    def __init__(self, root: Path) -> None:
        """Start with no chart drawn."""
        self.root = root
        self.drawn: set[str] = set()

    def problems(self, page: Page) -> list[Problem]:
        """Return all that one page quotes and that is refused, sorted by line."""
        state = Quoting(PageContext(self.root, page.name, page.language))
        spans = [
            (fence.origins[0], fence.origins[-1])
            for fence in page.fences
            if fence.language in KINDS
        ]
        sentences = [e for e in page.expressions if not any(a <= e.start < b for a, b in spans)]
        found = [problem for one in sentences for problem in _sentence(state, page, one)]
        found += _in_raw_html(page)
        shown: set[str] = set()
        for fence in page.fences:
            if fence.language == "python" and "exec" in fence.options:
                found += _code(state, page, fence, shown)
        # What cannot be read is a problem of the page's own.
        for spec in page.specs:
            if spec.yaml.data:
                fence = next(fence for fence in page.fences if fence.line == spec.line)
                found += self._figure(state, page, spec, fence)
        return sorted(found, key=lambda problem: problem.line)

    def _figure(self, state: Quoting, page: Page, spec: Spec, fence: Fence) -> Iterator[Problem]:
        """Draw a table, chart or widget; if it is refused, ask for each of its parts."""
        words = [e for e in page.expressions if fence.origins[0] <= e.start < fence.origins[-1]]
        if spec.kind == "chart":
            same = json.dumps([state.page.scope.chapter, skeleton(spec.yaml.data)], default=str)
            yield from (problem for one in words for problem in _sentence(state, page, one))
            if same not in self.drawn:
                plain = TEMPLATE.sub("…", fence.body)
                whole = _drawn(state, fence, plain)
                if whole is None:
                    self.drawn.add(same)
                else:
                    yield replace(whole, line=whole.line or spec.line)
            return
        whole = _drawn(state, fence, fence.body)
        if whole is not None:
            parts = _data(state, spec) or _table(state, spec)
            yield from [replace(whole, line=whole.line or spec.line)] if parts is None else parts


def _drawn(state: Quoting, fence: Fence, body: str) -> Problem | None:
    draw = getattr(fences, fence.language)
    rendering = SimpleNamespace(explainer_quoting=state)
    try:
        draw(body, fence.language, "", dict(fence.options), rendering)
    except Refusal as refusal:
        return refusal.problem
    return None


def _sentence(state: Quoting, page: Page, expression: Expression) -> Iterator[Problem]:
    body = page.text[expression.start + 2 : expression.end - 2]
    try:
        inline.element(state, body)
    except Refusal as refusal:
        yield replace(refusal.problem, line=expression.line)


def _data(state: Quoting, spec: Spec) -> list[Problem]:
    """Return what is refused in the values of a widget, each at its line."""
    data = spec.yaml.data.get("data")
    found = []
    for name in data if isinstance(data, dict) else ():
        try:
            widgets.value(spec.yaml.data, name, state)
        except Refusal as refusal:
            found.append(replace(refusal.problem, line=spec.line_of("data", str(name))))
    return found


def _table(state: Quoting, spec: Spec) -> list[Problem] | None:
    """Return what is refused in the rows, each column and the caption; None if it is none of them.

    A header that the glossary lacks is the glossary's own problem; another stands in for it.
    """
    data, glossary = spec.yaml.data, state.page.glossary
    columns = data.get("columns")
    if not isinstance(columns, dict) or not data.get("rows"):
        return None
    try:
        state.page.scope.evaluate(str(data.get("rows", "")))
    except QuoteError as error:
        return [Problem(state.page.shown, spec.line_of("rows"), error.message, error.fix)]
    found = []
    for name, template in columns.items():
        header = name if glossary.get(name) else next(iter(glossary.terms), name)
        part = {"id": data.get("id"), "rows": data["rows"], "columns": {header: template}}
        try:
            tables.table(part, state)
        except Refusal as refusal:
            found.append(replace(refusal.problem, line=spec.line_of("columns", str(name))))
    try:
        inline.fill(state, str(data.get("caption", "")))
    except Refusal as refusal:
        found.append(replace(refusal.problem, line=spec.line_of("caption")))
    return found if found or not all(map(glossary.get, columns)) else None


def _code(state: Quoting, page: Page, fence: Fence, shown: set[str]) -> Iterator[Problem]:
    """Draw a code block only where it is not plainly in order: drawing highlights, and is slow."""
    reference = fence.options.get("snippet", "")
    if reference in shown:
        message, fix = f"{reference} is shown twice", "show it once and link to it"
        yield Problem(page.path, fence.line, message, fix)
    elif reference:
        shown.add(reference)
    if not _is_in_order(state, fence, reference):
        problem = _drawn(state, fence, fence.body)
        if problem is not None:
            yield replace(problem, line=fence.line)


def _is_in_order(state: Quoting, fence: Fence, reference: str) -> bool:
    """Return whether drawing would not refuse, or refuse only what others report.

    What names no snippet or cell is `usage`'s, what cannot be read or run is `check`'s.
    """
    if set(fence.options) - fences.OPTIONS:
        return False
    if fence.options.get("source", "above") not in fences.SOURCES:
        return False
    return not (reference and fence.body.strip()) and bool(reference or fence.body.strip())


def _in_raw_html(page: Page) -> Iterator[Problem]:
    """Find the `{{ … }}` that Markdown leaves alone, because they stand in raw HTML."""
    if not page.expressions or all(tag.name in _INLINE_TAGS for tag in page.tags):
        return
    lines = page.text.split("\n")
    for fence in page.fences:
        for number in range(fence.line - 1, fence.line + len(fence.origins)):
            lines[number] = ""
    converter = Markdown(extensions=["md_in_html"])
    for preprocessor in converter.preprocessors:
        lines = preprocessor.run(lines)
    raw = [block for block in converter.htmlStash.rawHtmlBlocks if isinstance(block, str)]
    for block in raw:
        text = re.sub(r"<(code|pre)\b.*?</\1>|<[^>]*>", "", block, flags=re.DOTALL)
        start = page.text.find(block.strip())
        for match in TEMPLATE.finditer(text):
            at = page.text.find(match[0], max(start, 0))
            message = f"`{match[0]}` was not quoted"
            fix = "it stands in raw HTML: add `markdown` to the element"
            yield Problem(page.path, page.line(max(at, 0)), message, fix)
