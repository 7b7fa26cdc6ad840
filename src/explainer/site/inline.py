"""Numbers in sentences: `{{ line.slope:.2f }}`, guards `{{ assert kv.ratio > 2 }}`."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from html import escape
from typing import TYPE_CHECKING, Any

from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from explainer.site import figures, provenance
from explainer.site.expressions import TEMPLATE, split
from explainer.site.values import QuoteError, machine_value

if TYPE_CHECKING:
    from explainer.site.extension import Quoting


class ValuePattern(InlineProcessor):
    """Replace `{{ … }}` in a paragraph, heading, table cell, link text or alt text."""

    def __init__(self, md: Any) -> None:
        """Register for `md`."""
        super().__init__(TEMPLATE.pattern, md)

    def handleMatch(  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | str, int, int]:
        """Return the element of one value."""
        from explainer.site.extension import quoting

        state = quoting(self.md)
        body = self.unescape(m["body"])
        return element(state, body), m.start(0), m.end(0)


def element(state: Quoting, body: str) -> ElementTree.Element | str:
    """Return what stands in a sentence for one `{{ … }}`: a number, a hidden guard, or a term."""
    if body.strip().startswith("assert "):
        return _guard_element(state, body)
    quoted = state.quote(body)
    if quoted.format == "term":
        return term(state, str(quoted.value), body.strip())
    number = ElementTree.Element("data", _shown(provenance.attributes(quoted)))
    try:
        number.text = AtomicString(quoted.text(state.page.language))
    except QuoteError as error:
        raise state.refuse(error.message, error.fix, body.strip()) from error
    return number


def term(state: Quoting, id: str, *needles: str) -> str:
    """Return a glossary term in the page's language; refuse one that the glossary lacks."""
    found = state.page.glossary.get(id)
    if found is None:
        raise state.refuse(
            f"the glossary has no term {id!r}", "add it to docs/glossary.toml", *needles
        )
    return found.name(state.page.language)


def _shown(attributes: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}


def _guard_element(state: Quoting, body: str) -> ElementTree.Element:
    """Check a claim in words; the element is hidden and feeds the ledger."""
    condition = body.strip().removeprefix("assert").strip()
    quoted = state.quote(condition)
    if not bool(quoted.value):
        sides = ", ".join(_sides(state, condition))
        raise state.refuse(
            f"the claim `{condition}` is false: {sides}",
            "the words beside it no longer hold: change them, or what they rest on",
            body.strip(),
        )
    given = provenance.attributes(quoted) | {"class": "guard", "value": "true", "hidden": "hidden"}
    return ElementTree.Element("data", _shown(given))


def _sides(state: Quoting, condition: str) -> list[str]:
    """Return "left = value" for each operand of a comparison."""
    tree = ast.parse(condition, mode="eval").body
    operands: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            operands += [node.left, *node.comparators]
    found = []
    for operand in operands:
        source = ast.unparse(operand)
        if not isinstance(operand, ast.Constant):
            try:
                value = machine_value(state.page.scope.evaluate(source).value)
            except QuoteError:
                continue
            found.append(f"{source} = {value}")
    return found or ["its value is false"]


def fill(state: Quoting, template: str, bound: dict[str, Any] | None = None, of: Any = None) -> str:
    """Return a template of a table, chart or caption as HTML.

    Args:
        state: The page's quoting.
        template: Text with `{{ … }}`.
        bound: Names beside the scope's, `row`.
        of: `(expression, sources)` of what `row` comes from, for its provenance.
    """
    parts: list[str] = []
    end = 0
    for match in TEMPLATE.finditer(template):
        parts.append(escape(template[end : match.start()], quote=False))
        parts.append(_filled(state, match["body"], bound, of))
        end = match.end()
    return "".join(parts) + escape(template[end:], quote=False)


def _filled(state: Quoting, body: str, bound: dict[str, Any] | None, of: Any) -> str:
    quoted = state.quote(body, bound)
    if quoted.format == "term":
        return escape(term(state, str(quoted.value), body.strip()), quote=False)
    expr = split(body).source
    if of is not None and not quoted.sources:
        row_expr, sources, kind = of
        expr = re.sub(r"\brow\b", row_expr, expr)
        quoted = type(quoted)(quoted.value, expr, quoted.format, kind, sources)
    try:
        if isinstance(quoted.value, str) and not figures.find(quoted.value):  # a name, a word
            return escape(quoted.text(state.page.language), quote=False)
        return provenance.number(quoted, state.page.language, expr)
    except QuoteError as error:
        raise state.refuse(error.message, error.fix, body.strip()) from error


def plain(html: str) -> str:
    """Return HTML without its tags, for attributes and SVG titles."""
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", html))
