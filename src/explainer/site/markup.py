"""The inline marks of Markdown, found by one pass over a stretch of text.

What is not prose (code, math, addresses, tags, attributes, expressions) is noted as blank, so
that what stays can be read as the reader will read it.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from explainer.site.expressions import TEMPLATE, Quote, split

# Attributes that a reader sees or hears.
TEXT_ATTRIBUTES = ("alt", "title", "aria-label", "aria-description", "label", "placeholder")
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/={}]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`{}]+)))?""",
)
_TAG = r"""[A-Za-z][\w:-]*(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*/?"""
_TITLE = r"""(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?"""
_ATTRIBUTES = r"\{:?\s*(?=[#.]|[\w-]+=)[^{}\n]*\}"
# The order decides: at one place the first that fits wins.
_TOKEN = re.compile(
    rf"""
    (?P<math>\\\(.+?\\\)|\\\[.+?\\\]|\\begin\{{(?P<env>\w+\*?)\}}.+?\\end\{{(?P=env)\}}
        |\$\$.+?\$\$|\$(?![\s$])(?:\\.|[^\\$])+?(?<!\s)\$)
    |(?P<escape>\\[\\`*_{{}}\[\]()<>\#+.!|$~^-])
    |(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))
    |(?P<quote>{TEMPLATE.pattern})
    |(?P<open>\{{\{{)
    |(?P<comment><!--.*?-->)
    |(?P<raw><(?P<element>code|pre|script|style|math)\b[^<>]*>.*?</(?P=element)\s*>)
    |(?P<tag></?{_TAG}>)
    |(?P<address><(?:https?|mailto|ftp):[^<>\s]*>|https?://[^\s<>()\[\]（），。；、”"']+)
    |(?P<footnote>\[\^(?P<note>[^\]\s]+)\](?P<noted>:)?)
    |(?P<definition>(?:(?<![^\n])|(?<=\n[ ])|(?<=\n[ ][ ])|(?<=\n[ ][ ][ ]))
        \[(?P<defined>[^\]\n]+)\]:\s*(?P<defined_target>\S+){_TITLE}
        (?=[ \t]*(?:\n|\Z)))
    |(?P<link>!?\[(?P<label>(?:[^\[\]\\`]|\\.|`[^`]*`|\[(?:[^\[\]\\]|\\.)*\])*)\]
        \(\s*(?P<target><[^<>\n]*>|(?:[^\s()<>]|\([^\s()]*\))*)(?P<title>{_TITLE})\s*\)
        (?P<attached>{_ATTRIBUTES})?)
    |(?P<reference>(?<!\w)!?\[(?P<shown>[^\[\]\n]+)\]\[(?P<referred>[^\[\]\n]*)\])
    |(?P<attributes>{_ATTRIBUTES})
    |(?P<entity>&(?:\#\d+|\#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


# What an attribute list can follow directly.
_CLOSING = frozenset(")]*_`>$")
# Where any of them can start: looked for first, since prose is mostly none of it.
_START = re.compile(r"[\\`$<{&\[]|!\[|https?:")


@dataclass(frozen=True)
class Expression:
    """A `{{ … }}` of a page, with its line and its offsets in the file."""

    quote: Quote
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Link:
    """A link, an image or the definition of a reference; `id` is that of its attributes."""

    target: str
    text: str
    title: str
    line: int
    is_image: bool
    id: str = ""


@dataclass(frozen=True)
class Reference:
    """`[text][name]`: a link whose target is defined elsewhere on the page."""

    name: str
    line: int


@dataclass(frozen=True)
class Tag:
    """A raw HTML tag that opens an element."""

    name: str
    attributes: dict[str, str]
    line: int


@dataclass(frozen=True)
class Identifier:
    """An id that an attribute list or a raw tag gives, and the line it stands in."""

    id: str
    line: int


@dataclass(frozen=True)
class Math:
    """A formula, delimiters included."""

    text: str
    line: int


@dataclass
class Findings:
    """What one pass over a text has found, in the order of the text.

    Args:
        text: The text of the whole file; offsets count in it.
    """

    text: str
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    expressions: list[Expression] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    definitions: dict[str, Link] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    ids: list[Identifier] = field(default_factory=list)
    math: list[Math] = field(default_factory=list)
    errors: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note where each line starts."""
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, offset: int) -> int:
        """Return the line, from 1, in which an offset lies."""
        return bisect_right(self.starts, offset)

    def scan(self, start: int, end: int) -> None:
        """Read the marks between two offsets."""
        while sign := _START.search(self.text, start, end):
            match = _TOKEN.match(self.text, sign.start(), end)
            if match:
                getattr(self, f"_{match.lastgroup}")(match)
            start = match.end() if match else sign.start() + 1

    def templates(self, start: int, end: int) -> None:
        """Read only the `{{ … }}` between two offsets."""
        for match in TEMPLATE.finditer(self.text, start, end):
            self._quote(match)

    def _blank(self, start: int, end: int) -> None:
        self.edits.append((start, end, ""))

    def _hide(self, match: re.Match[str]) -> None:
        self._blank(*match.span())

    _code = _comment = _address = _hide

    def _escape(self, match: re.Match[str]) -> None:
        self._blank(match.start(), match.start() + 1)

    def _math(self, match: re.Match[str]) -> None:
        self._hide(match)
        self.math.append(Math(match[0], self.line(match.start())))

    def _quote(self, match: re.Match[str]) -> None:
        self._hide(match)
        line = self.line(match.start())
        try:
            quote = split(match["body"])
        except ValueError as error:
            message = f"`{match[0]}` cannot be read: {error}"
            self.errors.append((line, message, "write `{{ snippet.value:format }}`"))
        else:
            self.expressions.append(Expression(quote, line, *match.span()))

    def _open(self, match: re.Match[str]) -> None:
        message = f"`{self.text[match.start() : match.start() + 24].splitlines()[0]}` does not end"
        self.errors.append((self.line(match.start()), message, "close it with `}}`"))

    def _raw(self, match: re.Match[str]) -> None:
        self._hide(match)
        self._element(match[0][1 : match[0].index(">")], match.start())

    def _tag(self, match: re.Match[str]) -> None:
        self._hide(match)
        if not match[0].startswith("</"):
            self._element(match[0][1:-1].rstrip("/"), match.start())

    def _element(self, inner: str, start: int) -> None:
        name = re.split(r"\s", inner, maxsplit=1)[0]
        line = self.line(start)
        attributes = self._attributes_at(inner[len(name) :], start + 1 + len(name))
        self.tags.append(Tag(name.lower(), attributes, line))
        if identifier := attributes.get("id"):
            self.ids.append(Identifier(identifier, line))

    def _attributes_at(self, inner: str, start: int) -> dict[str, str]:
        """Read attributes; the words of those that a reader sees stay visible."""
        attributes: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(inner):
            name = match[1].lower()
            group = next((group for group in (2, 3, 4) if match[group] is not None), 0)
            attributes[name] = match[group] if group else ""
            if group and name in TEXT_ATTRIBUTES:
                value_start, value_end = match.span(group)
                self.edits.append((start + value_start, start + value_end, match[group]))
                self.templates(start + value_start, start + value_end)
        return attributes

    def _list(self, inner: str, start: int) -> str:
        """Read an attribute list `{#id .class key="value"}` and return its id."""
        self._attributes_at(inner, start)
        found = re.search(r"(?:^|[\s{:])#([^\s{}]+)", inner) or re.search(
            r"\bid=\"?([\w-]+)", inner
        )
        if not found:
            return ""
        self.ids.append(Identifier(found[1], self.line(start)))
        return found[1]

    def _attributes(self, match: re.Match[str]) -> None:
        """Read a list that belongs to what stands before it; any other one is shown as text."""
        start, end = match.span()
        line_start = self.text.rfind("\n", 0, start) + 1
        rest = self.text[end:].partition("\n")[0].strip() if end < len(self.text) else ""
        is_alone = not self.text[line_start:start].strip(" >") and not rest and line_start > 0
        ends_cell = rest.startswith("|")
        if is_alone or ends_cell or self.text[start - 1 : start] in _CLOSING:
            self._hide(match)
            self._list(match[0], start)

    def _footnote(self, match: re.Match[str]) -> None:
        """A mark becomes a number when rendered, if a note answers it; without one it is text."""
        if match["noted"] or f"[^{match['note']}]:" in self.text:
            self._hide(match)

    def _link(self, match: re.Match[str]) -> None:
        label_start, label_end = match.span("label")
        title_start, title_end = match.span("title")
        self._blank(match.start(), label_start)
        self._blank(label_end, title_start)
        self._blank(title_end, match.end())
        identifier = ""
        if match["attached"]:
            identifier = self._list(match["attached"], match.start("attached"))
        title = match["title"].strip()[1:-1]
        target = html.unescape(match["target"].strip("<>"))
        line = self.line(match.start())
        is_image = match[0].startswith("!")
        self.links.append(Link(target, match["label"], title, line, is_image, identifier))
        self.scan(label_start, label_end)
        self.scan(title_start, title_end)

    def _definition(self, match: re.Match[str]) -> None:
        self._blank(match.start(), match.end("defined_target"))
        target = match["defined_target"].strip("<>")
        link = Link(target, match["defined"], "", self.line(match.start()), is_image=False)
        self.definitions[match["defined"].lower()] = link

    def _reference(self, match: re.Match[str]) -> None:
        self._blank(match.start(), match.start("shown"))
        self._blank(match.end("shown"), match.end())
        name = match["referred"] or match["shown"]
        self.references.append(Reference(name.lower(), self.line(match.start())))
        self.scan(*match.span("shown"))

    def _entity(self, match: re.Match[str]) -> None:
        shown = html.unescape(match[0])
        if shown != match[0]:
            self.edits.append((*match.span(), shown))

    def prose(self, visible: list[tuple[int, int]]) -> str:
        """Return the text, of the same length, with all that is not prose blanked.

        Args:
            visible: The stretches that a reader sees; in them, the edits apply in order.
        """
        blank = blanked(self.text)
        shown = list(blank)
        for start, end in visible:
            shown[start:end] = self.text[start:end]
        for start, end, words in self.edits:
            shown[start:end] = (
                words.ljust(end - start)[: end - start] if words else blank[start:end]
            )
        return "".join(shown)


def blanked(text: str) -> str:
    """Return as many spaces as the text has signs, its line ends kept."""
    return "\n".join(" " * len(line) for line in text.split("\n"))
