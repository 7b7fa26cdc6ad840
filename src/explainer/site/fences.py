"""Fenced blocks: code by cell through markdown-exec's rendering, figures, glossary, ledger.

SuperFences calls a validator and a formatter for each. It swallows whatever a formatter raises but
its own exception, so each refusal leaves here as a `Refusal`.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from explainer.site import cells, charts, collected, tables, widgets
from explainer.site import reference as library
from explainer.site.extension import Quoting, Refusal, quoting
from explainer.site.inline import fill, plain, term
from explainer.site.runs import PACKAGE, Run
from explainer.site.snippets import Cell, Snippet, parse
from explainer.site.source import parse as parse_page
from explainer.site.values import QuoteError

COLUMN = {"zh": 73, "en": 67}  # signs of code that fit into the column of text
OPTIONS = {"exec", "snippet", "source", "title", "hl_lines", "linenums"}
SOURCES = {"above", "below", "tabbed-left", "tabbed-right", "none"}
# PyYAML's own reader takes ten times as long as that of libyaml.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TABS = {"zh": ("代码", "输出"), "en": ("Code", "Output")}


def _guarded(draw: Callable[[str, dict[str, str], Quoting], str]) -> Callable[..., str]:
    """Turn a drawing function into a SuperFences formatter that refuses loudly."""

    @functools.wraps(draw)
    def formatter(
        source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **_: Any
    ) -> str:
        state = quoting(md)
        try:
            return draw(source, options, state)
        except Refusal:
            raise
        except QuoteError as error:
            raise state.refuse(error.message, error.fix, f"```{language}") from error
        except Exception as error:
            raise state.refuse(
                f"the {language} block failed: {type(error).__name__}: {error}",
                "mend the block",
                source.strip().splitlines()[0] if source.strip() else f"```{language}",
            ) from error

    return formatter


def validate_python(
    language: str, inputs: dict[str, str], options: dict[str, Any], attrs: Any, md: Any
) -> bool:
    """Take the blocks that say `exec`; leave plain ones to the highlighter."""
    if inputs.get("exec", "").lower() not in {"on", "yes", "true", "1"}:
        return False
    options.update(inputs)
    return True


def validate_plain(
    language: str, inputs: dict[str, str], options: dict[str, Any], attrs: Any, md: Any
) -> bool:
    """Take a block whose body says everything."""
    options.update(inputs)
    return True


@_guarded
def python(source: str, options: dict[str, str], state: Quoting) -> str:
    """Draw a cell of a snippet, or a block with a body of its own, with its stored output."""
    reference = options.get("snippet", "")
    needle = f'snippet="{reference}"' if reference else '```python exec="on"'
    for wrong, fix in _wrong(source, options):
        raise state.refuse(wrong, fix, needle)
    snippet, run, cell = (
        _quoted(reference, state, needle) if reference else _nameless(source, state, needle)
    )
    code = cell.source if cell else snippet.text.strip()
    names = [cell.name] if cell else [c.name for c in snippet.cells]
    output = "".join(run.outputs.get(name, "") for name in names)
    id = "code-" + "-".join(snippet.id.split("/")[-1:] + ([cell.name] if cell else []))
    title = options.get("title", f"{snippet.id}.py" if reference else "")
    html = cells.render(
        state.page.root,
        code,
        output,
        id=id,
        title=title,
        location=options.get("source", "above"),
        tabs=_TABS[state.page.language],
        lines=options.get("hl_lines", ""),
    )
    start, end = (cell.start, cell.end) if cell else (1, len(snippet.text.splitlines()))
    if any(block["id"] == id for block in state.blocks):
        raise state.refuse(f"{reference} is shown twice", "show it once and link to it", needle)
    state.blocks.append({"run": snippet.id, "id": id, "start": start, "end": end})
    measured = output and snippet.measured_cells & set(names)
    kind = ' data-kind="measured" data-search-exclude' if measured else ""
    is_wide = any(
        len(line) > COLUMN[state.page.language]
        for line in (*code.splitlines(), *output.splitlines())
    )
    return (
        f'<div class="snippet{" wide" if is_wide else ""}" id="{id}" data-snippet="{snippet.id}" '
        f'data-cell="{cell.name if cell else ""}" data-lines="{start}-{end}"{kind}>{html}</div>'
    )


def _wrong(source: str, options: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a code block by itself, each with its fix."""
    reference, location = options.get("snippet", ""), options.get("source", "above")
    for unknown in sorted(set(options) - OPTIONS):
        known = ", ".join(sorted(OPTIONS))
        yield f"a code block has an unknown option `{unknown}`", f"the options are {known}"
    if location not in SOURCES:
        yield f'source="{location}" is unknown', f"it is one of {', '.join(sorted(SOURCES))}"
    if not reference and not source.strip():
        yield "a code block is empty", 'name a cell, snippet="line#fit", or write code in it'
    if reference and source.strip():
        yield f"the block that quotes {reference} has a body too", "leave the body empty"


def _quoted(reference: str, state: Quoting, needle: str) -> tuple[Snippet, Run, Cell | None]:
    stem, _, cell_name = reference.partition("#")
    id = stem if "/" in stem else f"{state.page.scope.chapter}/{stem}"
    try:
        snippet, run = state.page.scope.snippet(id)
    except QuoteError as error:
        raise state.refuse(error.message, error.fix, needle) from error
    if not cell_name:
        return snippet, run, None
    cell = snippet.cell(cell_name)
    if cell is None:
        raise state.refuse(
            f"snippet {id} has no cell {cell_name!r}",
            f"its cells are: {', '.join(c.name for c in snippet.cells)}",
            needle,
        )
    return snippet, run, cell


def nameless(body: str, page: str) -> Snippet:
    """Return a code block's own body as a small snippet without a name."""
    text = f"# %% block\n{body.strip()}\n"
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return parse(text, path=Path(f"<block of {page}>"), shown=page, id=f"block/{digest}")


def _nameless(source: str, state: Quoting, needle: str) -> tuple[Snippet, Run, Cell | None]:
    snippet = nameless(source, state.page.shown)
    run = state.page.scope.store.load(snippet)
    if run is None:
        raise state.refuse("a code block has no run that is up to date", "explainer run", needle)
    return snippet, run, snippet.cells[0]


def _yaml(source: str, state: Quoting, fence: str) -> dict[str, Any]:
    try:
        spec = yaml.load(source, _YAML)
    except yaml.YAMLError as error:
        raise state.refuse(
            f"the {fence} block is not YAML: {error}", "mend it", f"```{fence}"
        ) from error
    if not isinstance(spec, dict):
        raise state.refuse(f"the {fence} block holds no keys", "give it an id", f"```{fence}")
    return spec


@_guarded
def table(source: str, options: dict[str, str], state: Quoting) -> str:
    """Draw a table of named values."""
    return tables.table(_yaml(source, state, "table"), state)


@_guarded
def widget(source: str, options: dict[str, str], state: Quoting) -> str:
    """Draw the place of a widget, with its values and its table."""
    return widgets.widget(_yaml(source, state, "widget"), state)


@_guarded
def chart(source: str, options: dict[str, str], state: Quoting) -> str:
    """Draw a chart of named values."""
    spec = _yaml(source, state, "chart")
    id = str(spec.get("id", ""))
    kinds: set[str] = set()

    def evaluate(expr: str) -> Any:
        quoted = state.page.scope.evaluate(expr)
        kinds.add(quoted.kind)
        return quoted.value

    try:
        figure = charts.figure(
            spec,
            evaluate=evaluate,
            text=lambda template: fill(state, template),
            plain=lambda template: plain(fill(state, template)),
            term=lambda name: term(state, name, f"term: {name}", f"id: {id}"),
            language=state.page.language,
            id=id,
        )
    except QuoteError as error:
        raise state.refuse(error.message, error.fix, f"id: {id}") from error
    except ValueError as error:
        raise state.refuse(str(error), "mend the keys of the chart", f"id: {id}") from error
    mark = (
        '<figure data-kind="measured" data-search-exclude ' if "measured" in kinds else "<figure "
    )
    return figure.replace("<figure ", mark, 1)


@_guarded
def glossary(source: str, options: dict[str, str], state: Quoting) -> str:
    """Draw the whole glossary, or only its words of several meanings: `several`."""
    body, terms = source.strip(), state.page.glossary
    if body not in ("", "several"):
        raise state.refuse(f"a glossary of {body!r}", "write `several`, or nothing", "```glossary")
    draw = terms.render_several if body else terms.render
    return draw(state.page.language)


@_guarded
def ledger(source: str, options: dict[str, str], state: Quoting) -> str:
    """Leave the place of the ledger, which is written when all pages are known."""
    return collected.place("ledger", state.page.language)


@_guarded
def gallery(source: str, options: dict[str, str], state: Quoting) -> str:
    """Leave the place of the gallery of snippets."""
    return collected.place("gallery", state.page.language)


@_guarded
def reference(source: str, options: dict[str, str], state: Quoting) -> str:
    """Draw some modules of the library."""
    path = state.page.root / state.page.shown
    blocks = [f.body for f in parse_page(path, state.page.root).fences if f.language == "reference"]
    others = [body for body in blocks if body.strip() != "others"]
    found = library.public(PACKAGE.parent, state.page.root)
    return library.render(library.chosen(found, source, others), state.page.language)


@_guarded
def site_facts(source: str, options: dict[str, str], state: Quoting) -> str:
    """Leave the place of the figures about the site itself."""
    return collected.place("site-facts", state.page.language)
