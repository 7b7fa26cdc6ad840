"""Every snippet and every cell is shown or quoted: what no page needs is not kept."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from explainer.site import expressions, snippets, source
from explainer.site.errors import Problem
from explainer.site.markup import Expression
from explainer.site.snippets import Snippet, chapter_of
from explainer.site.source import Page

# Cells by snippet; a snippet that a page needs at all is a key, even without cells.
Used = dict[str, set[str]]


def check(root: Path, pages: Mapping[str, Page] | None = None) -> list[Problem]:
    """Refuse snippets and cells that no page shows, and blocks that show what is not there.

    A cell is used when a page shows it as a code block (a block that shows the whole file shows
    all of its cells), or quotes a value that it assigns.

    Args:
        root: The project's root.
        pages: Its pages, if they are read already.
    """
    pages = source.load(root) if pages is None else pages
    problems: list[Problem] = []
    found: dict[str, Snippet] = {}
    for path in snippets.find(root):
        try:
            snippet = snippets.load(path, root=root)
        except Problem as problem:
            problems.append(problem)
        else:
            found[snippet.id] = snippet
    used: Used = {}
    for page in pages.values():
        problems += _shown(page, found, used)
        _quoted(page, found, used)
    for snippet in found.values():
        problems += _unused(snippet, root, used)
    return problems


def _shown(page: Page, found: Mapping[str, Snippet], used: Used) -> Iterator[Problem]:
    """Note the cells that code blocks show."""
    for fence in page.fences:
        if not (reference := fence.options.get("snippet")):
            continue
        stem, _, cell = reference.partition("#")
        identifier = _identifier(page, stem)
        snippet = found.get(identifier)
        if snippet is None:
            message = f'snippet="{reference}": there is no snippets/{identifier}.py'
            known = sorted(name for name in found if name.split("/")[0] == identifier.split("/")[0])
            fix = f"there are: {', '.join(known)}" if known else "write that file, or mend the name"
            yield Problem(page.path, fence.line, message, fix)
        elif cell and snippet.cell(cell) is None:
            message = f'snippet="{reference}": snippets/{identifier}.py has no cell {cell!r}'
            names = ", ".join(known.name for known in snippet.cells)
            yield Problem(page.path, fence.line, message, f"its cells are: {names}")
        else:
            cells = {cell} if cell else {known.name for known in snippet.cells}
            used.setdefault(identifier, set()).update(cells)


def _quoted(page: Page, found: Mapping[str, Snippet], used: Used) -> None:
    """Note the cells whose values are quoted: inline, in tables and in charts."""
    for identifier, value in _quotes(page, found):
        cells = used.setdefault(identifier, set())
        if origin := found[identifier].origins.get(value):
            cells.update(origin.cells)


def needed(page: Page, known: Container[str]) -> set[str]:
    """Return the snippets that a page shows or quotes, of those that are known by id."""
    quoted = {identifier for identifier, _ in _quotes(page, known)}
    return {identifier for identifier in _named(page) if identifier in known} | quoted


def needed_by_blocks(page: Page, known: Container[str]) -> set[str]:
    """Return what of `needed` stands in its code, tables and charts rather than its sentences."""
    spans = [(fence.origins[0], fence.origins[-1]) for fence in page.fences if fence.origins]
    inside = [e for e in page.expressions if any(a <= e.start <= b for a, b in spans)]
    quoted = {
        identifier for identifier, _ in _quotes(replace(page, expressions=tuple(inside)), known)
    }
    return {identifier for identifier in _named(page) if identifier in known} | quoted


def quoted_by(page: Page, expression: Expression, known: Container[str]) -> set[str]:
    """Return the snippets that one `{{ … }}` of a page quotes, of those that are known by id."""
    alone = replace(page, expressions=(expression,), specs=())
    return {identifier for identifier, _ in _quotes(alone, known)}


def _named(page: Page) -> set[str]:
    """Return the snippets that code blocks name, whether there are such or not."""
    shown = [fence.options["snippet"] for fence in page.fences if fence.options.get("snippet")]
    return {_identifier(page, reference.partition("#")[0]) for reference in shown}


def _identifier(page: Page, stem: str) -> str:
    return stem if "/" in stem else f"{chapter_of(page.name)}/{stem}"


def _quotes(page: Page, known: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield each value that a page quotes: the snippet's id, and the value's name."""
    names = [name for expression in page.expressions for name in expression.quote.names]
    for spec in page.specs:
        for scalar in spec.yaml.scalars:
            if not scalar.is_key and "{{" not in scalar.value:
                names += expressions.names(scalar.value)
    chapter = chapter_of(page.name)
    for name in names:
        for identifier, value in _readings(chapter, name):
            if identifier in known:
                yield identifier, value
                break


def _readings(chapter: str, name: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a dotted name may mean: a snippet of this chapter, or one of another."""
    if len(name) >= 2:
        yield f"{chapter}/{name[0]}", name[1]
    if len(name) >= 3:
        yield f"{name[0]}/{name[1]}", name[2]


def _unused(snippet: Snippet, root: Path, used: Used) -> Iterator[Problem]:
    path = snippet.path.relative_to(root).as_posix()
    if snippet.id not in used:
        message = f"no page shows or quotes the snippet {snippet.id}"
        stem = snippet.path.stem
        fix = f'show it, `snippet="{stem}"`, quote a value of it, or delete it'
        yield Problem(path, 0, message, fix)
        return
    for cell in snippet.cells:
        if cell.name not in used[snippet.id]:
            message = f"no page shows or quotes the cell {cell.name!r} of {snippet.id}"
            reference = f"{snippet.path.stem}#{cell.name}"
            fix = f'show it, `snippet="{reference}"`, quote a value that it assigns, or delete it'
            yield Problem(path, cell.start, message, fix)
