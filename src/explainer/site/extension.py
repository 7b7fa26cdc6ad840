"""The Markdown extension: pages quote runs; rendering executes nothing.

Code blocks by cell, numbers in sentences, tables, charts, guards and cited facts, under MkDocs and
Zensical alike. `fences` draws the blocks, `inline` the sentences, `values` evaluates.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.superfences import SuperFencesException

from explainer.site import provenance
from explainer.site.context import PageContext, page_of
from explainer.site.errors import Problem
from explainer.site.inline import ValuePattern
from explainer.site.typesetting import Typesetting
from explainer.site.values import Quoted, QuoteError, Source

_NOT_TEXT = re.compile(r"<(code|pre|script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


class Refusal(SuperFencesException):
    """A refusal on its way out of Python-Markdown; SuperFences swallows every other exception."""

    def __init__(self, problem: Problem) -> None:
        """Carry a problem."""
        super().__init__(str(problem))
        self.problem = problem


@dataclass
class Quoting:
    """What one conversion of one page has quoted so far.

    Args:
        page: The page.
        facts: Where cited values came from.
        blocks: The code blocks shown.
    """

    page: PageContext
    facts: list[Source] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def quote(self, body: str, bound: dict[str, Any] | None = None) -> Quoted:
        """Evaluate what stands between the braces; refuse with the page's line."""
        try:
            quoted = self.page.scope.quote(body, bound)
            self.facts += [s for s in quoted.sources if s.fact is not None]
            return quoted
        except QuoteError as error:
            raise self.refuse(error.message, error.fix, body.strip()) from error

    def refuse(self, message: str, fix: str, *needles: str) -> Refusal:
        """Return a refusal at the line of the page that holds the first needle it has."""
        return Refusal(self.page.problem(message, fix, *needles))


def quoting(md: Any) -> Quoting:
    """Return what the conversion under way has quoted.

    Raises:
        RuntimeError: If `md` renders no page of a site.
    """
    state = getattr(md, "explainer_quoting", None)
    if state is None:
        page = page_of(md)
        if page is None:
            raise RuntimeError("explainer.site.extension renders pages below docs/zh and docs/en")
        state = md.explainer_quoting = Quoting(page)
    assert isinstance(state, Quoting)
    return state


class TitleAnchor(Treeprocessor):
    """Give a page's title one id in all languages: made from a Chinese title it would be `_1`."""

    def run(self, root: ElementTree.Element) -> None:
        """Name the title `top`, unless its author gave it an id."""
        title = root.find("h1")
        if title is not None and "id" not in title.attrib:
            title.set("id", "top")


class Foot(Treeprocessor):
    """Close the page with its receipts and colophon, once every value on it is known."""

    def run(self, root: ElementTree.Element) -> None:
        """Append both to the page's tree, as raw HTML."""
        state = getattr(self.md, "explainer_quoting", None)
        if state is None or not (state.page.scope.used or state.facts):
            return
        for html in (
            provenance.colophon(state.page),
            provenance.receipts(state.page, state.facts, state.blocks),
        ):
            if html:
                ElementTree.SubElement(root, "p").text = self.md.htmlStash.store(html)


class Unquoted(Postprocessor):
    """Refuse a page on which braces were left as they are."""

    def run(self, text: str) -> str:
        """Return the text as it is."""
        left = _NOT_TEXT.sub("", text)
        if "{{" in left:
            at = left.index("{{")
            found = left[at : at + 60].splitlines()[0]
            raise quoting(self.md).refuse(
                f"`{found}` was not quoted",
                "it stands in raw HTML: add `markdown` to the element",
                found,
            )
        return text


class ExplainerExtension(Extension):
    """Quote runs on a page."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the inline pattern and the page's foot."""
        md.registerExtension(self)
        self.md = md
        # Above links and images, below code spans and escapes: values stand in alt texts too.
        md.inlinePatterns.register(ValuePattern(md), "explainer_value", 175)
        # After attribute lists (8), before the table of contents (5).
        md.treeprocessors.register(TitleAnchor(md), "explainer_title", 6)
        # After all that quotes (inline patterns 20) and after the table of contents (5).
        md.treeprocessors.register(Foot(md), "explainer_foot", -10)
        # After raw HTML is back in its place. It runs for each heading too.
        md.postprocessors.register(Unquoted(md), "explainer_unquoted", -10)
        md.postprocessors.register(Typesetting(md), "explainer_typesetting", -20)

    def reset(self) -> None:
        """Forget the last page."""
        self.md.explainer_quoting = None


def makeExtension(**kwargs: Any) -> ExplainerExtension:  # noqa: N802 - Python-Markdown's name
    """Return the extension, as Python-Markdown asks for it."""
    return ExplainerExtension(**kwargs)
