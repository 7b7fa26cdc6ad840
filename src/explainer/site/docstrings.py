"""Docstrings as the library writes them: Google sections in Markdown, read without importing."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import markdown

SECTIONS = ("Args", "Returns", "Yields", "Raises", "Examples", "References", "Note", "Notes")
_LISTED = ("Args", "Raises")
_HEADER = re.compile(rf"^({'|'.join(SECTIONS)}):[ ]*$", re.MULTILINE)
_ITEM = re.compile(r"^(?P<name>[\w*., ]+?)(?: \([^)]*\))?:\s+(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """One section: its kind, and its items, "name" and Markdown; a text has one without a name."""

    kind: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Docstring:
    """A docstring: its first line, what follows in Markdown, and its sections in order."""

    summary: str
    body: str
    sections: tuple[Section, ...]


def parse(text: str) -> Docstring:
    r"""Read a docstring.

    Args:
        text: The docstring without its indent, as `ast.get_docstring` returns it.

    Examples:
        >>> found = parse("Double it.\n\nArgs:\n    x: A number.\n\nReturns:\n    Twice `x`.")
        >>> found.summary, [section.kind for section in found.sections]
        ('Double it.', ['Args', 'Returns'])
        >>> found.sections[0].items
        (('x', 'A number.'),)
    """
    parts = _HEADER.split(text)
    summary, _, body = parts[0].strip().partition("\n")
    sections = [
        Section(kind, tuple(_items(kind, textwrap.dedent(inner.strip("\n")).rstrip())))
        for kind, inner in zip(parts[1::2], parts[2::2], strict=True)
    ]
    return Docstring(summary.strip(), body.strip(), tuple(sections))


def _items(kind: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the items of a section: an item begins where a line is not indented."""
    if kind not in _LISTED:
        yield "", text
        return
    for block in re.split(r"\n(?=\S)", text):
        match = _ITEM.match(block)
        first, _, rest = (match["text"] if match else block).partition("\n")
        joined = first + ("\n" + textwrap.dedent(rest) if rest else "")
        yield (match["name"] if match else ""), joined


@functools.cache
def _converter() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=["pymdownx.arithmatex", "explainer.site.math", "tables", "sane_lists"],
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )


def html(text: str) -> str:
    """Return Markdown as HTML; `>>>` begins an example, which ends at an empty line.

    Args:
        text: Markdown as docstrings have it.
    """
    parts = []
    for is_code, lines in _blocks(text):
        if is_code:
            parts.append(f"<pre><code>{escape(lines, quote=False)}</code></pre>")
        else:
            parts.append(str(_converter().reset().convert(lines)))
    return "".join(parts)


def _blocks(text: str) -> Iterator[tuple[bool, str]]:
    """Yield runs of paragraphs that are examples, and that are not."""
    paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip()]
    run: list[str] = []
    was_code = False
    for paragraph in paragraphs:
        is_code = paragraph.lstrip().startswith(">>>")
        if run and is_code != was_code:
            yield was_code, "\n\n".join(run)
            run = []
        run.append(paragraph)
        was_code = is_code
    if run:
        yield was_code, "\n\n".join(run)
