"""The blocks of a page: fences, headings, admonitions, list items, rows of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

from explainer.site.markup import Findings, blanked

_FENCE = re.compile(r"(?P<indent>[> ]*)(?P<ticks>`{3,}|~{3,})[ ]*(?P<info>[^\n`]*)$")
_OPTION = re.compile(
    r"""(?P<key>[\w-]+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'{}]+))"""
    r"|(?P<word>[^\s{}]+)"
)
# What may span blank lines, from a line that starts with it.
_RAW = {"<!--": "-->", "<script": "</script>", "<style": "</style>", "<pre": "</pre>"}
_RAW_START = re.compile(r"[> ]*(<!--|<script\b|<style\b|<pre\b)", re.IGNORECASE)
_INDENT = re.compile(r"[ \t]*(?:>[ \t]*)*")
_HEADING = re.compile(r"(#{1,6})(?P<text>[^\n]*?)[ \t#]*$")
# attr_list wants a plain space before the brace, and shows what stands behind any other.
_HEADING_ATTRIBUTES = re.compile(r"[ ]+(\{:?[ ]*[#.\w][^{}\n]*\})[ \t]*$")
_UNDERLINE = re.compile(r"[=-]+[ ]*$")
_ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?)[ ]*(?P<kind>[\w-]+)[^\"\n]*(?:\"(?P<title>.*)\")?[ ]*$"
    r"|(?P<tab>===[!+]*)[ ]+\"(?P<tab_title>.*)\"[ ]*$"
)
_ITEM = re.compile(r"(?:[-*+]|(?P<number>\d+)\.)[ \t]+(?:\[[ xX]\][ ])?")
_RULE = re.compile(r"\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")


@dataclass(frozen=True)
class Heading:
    """A heading; `id` is the one that it states, empty if it states none."""

    level: int
    id: str
    text: str
    line: int


@dataclass(frozen=True)
class Fence:
    """A fenced block.

    Args:
        language: Its first word: "python", "table".
        options: `key="value"` of its first line; a bare word has the value "".
        body: Its lines, without the indent that the fence has.
        line: Line of the opening fence.
        origins: Offset in the file at which each line of the body starts.
        titles: Offsets of the words of its first line that a reader sees.
    """

    language: str
    options: dict[str, str]
    body: str
    line: int
    origins: tuple[int, ...]
    titles: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Admonition:
    """An admonition, or a tab (`kind` is then "tab"); `title` is empty if it states none."""

    kind: str
    title: str
    line: int


def fences(found: Findings, start: int) -> tuple[list[Fence], str]:
    """Find the fences, and what else is raw, as SuperFences does: line by line, from the top.

    Args:
        found: The page; a fence that does not end becomes an error of it.
        start: Offset at which the body of the page starts.

    Returns:
        The fences, and the text with front matter, fences and raw blocks blanked.
    """
    text = found.text
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    blocks: list[Fence] = []
    blanked: list[tuple[int, int]] = [(0, start)]
    at = found.line(start) - 1 if start < len(text) else len(lines)
    while at < len(lines):
        line = lines[at].rstrip("\n")
        if opening := _FENCE.match(line):
            end = _end(lines, at, opening)
            if end is None:
                message = f"the fence `{line.strip()}` does not end"
                fix = f"close it with `{opening['ticks']}` at the same indent"
                found.errors.append((at + 1, message, fix))
            else:
                blocks.append(_fence(found, lines, at, end, opening))
                blanked.append((found.starts[at], found.starts[end] + len(lines[end])))
                at = end
        elif raw := _RAW_START.match(line):
            closing = _RAW[raw[1].lower()]
            close = text.lower().find(closing, found.starts[at] + raw.end())
            if close < 0:
                message = f"`{raw[1]}` does not end"
                found.errors.append((at + 1, message, f"close it with `{closing}`"))
            close = len(text) if close < 0 else close + len(closing)
            found.scan(found.starts[at], min(close, found.starts[at] + len(line)))
            blanked.append((found.starts[at], close))
            _refuse_fences(found, lines, at, found.line(max(close - 1, 0)) - 1)
            at = max(found.line(max(close - 1, 0)) - 1, at)
        at += 1
    return blocks, _blanked(text, blanked)


def _end(lines: list[str], at: int, opening: re.Match[str]) -> int | None:
    indent = len(opening["indent"])
    for number in range(at + 1, len(lines)):
        line = lines[number].rstrip()
        if line and len(line) - len(line.lstrip("> ")) < indent:
            return None
        if line[indent:].strip() == opening["ticks"]:
            return number
    return None


def _fence(found: Findings, lines: list[str], at: int, end: int, opening: re.Match[str]) -> Fence:
    indent = len(opening["indent"])
    info_start = found.starts[at] + opening.start("info")
    language, options, titles = "", {}, []
    for match in _OPTION.finditer(opening["info"]):
        if match["word"] is not None:
            word = match["word"]
            if not language and not word.startswith("#"):
                language = word.lstrip(".")
            else:
                options[word] = ""
            continue
        group = next(name for name in ("double", "single", "bare") if match[name] is not None)
        options[match["key"]] = match[group]
        if match["key"] == "title":
            titles.append((info_start + match.start(group), info_start + match.end(group)))
    body_lines = lines[at + 1 : end]
    return Fence(
        language=language,
        options=options,
        body="".join(line[indent:] if line.strip() else "\n" for line in body_lines),
        line=at + 1,
        origins=tuple(found.starts[number] + indent for number in range(at + 1, end + 1)),
        titles=tuple(titles),
    )


def _refuse_fences(found: Findings, lines: list[str], first: int, last: int) -> None:
    """Refuse a fence inside a comment: SuperFences would run it all the same."""
    for number in range(first + 1, last):
        if _FENCE.match(lines[number].rstrip("\n")):
            message = f"the fence `{lines[number].strip()}` stands inside a comment or raw HTML"
            found.errors.append((number + 1, message, "take it out: it would run all the same"))


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], blanked(text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


def walk(
    found: Findings, flat: str, visible: list[tuple[int, int]]
) -> tuple[list[Heading], list[Admonition]]:
    """Go through the lines that are neither fences nor raw, and read the marks in them.

    Args:
        found: The page; receives what its lines hold.
        flat: Its text with fences and raw blocks blanked.
        visible: Receives the stretches that a reader sees.
    """
    walker = _Walker(found, flat.split("\n"), visible)
    while walker.at < len(walker.lines):
        walker.step()
    walker.flush()
    return walker.headings, walker.admonitions


class _Walker:
    """Cuts the lines into stretches within which inline marks pair up."""

    def __init__(self, found: Findings, lines: list[str], visible: list[tuple[int, int]]) -> None:
        self.found, self.lines, self.visible = found, lines, visible
        self.headings: list[Heading] = []
        self.admonitions: list[Admonition] = []
        self.at = 0
        self.open: tuple[int, int] | None = None
        self.is_first = True  # the line opens a block
        self.in_list = False  # the block it stands in was opened by a list item
        self.numbers: dict[int, int] = {}  # last number of the ordered list at each indent

    def flush(self) -> None:
        """Read the stretch that is open."""
        if self.open:
            self.visible.append(self.open)
            self.found.scan(*self.open)
        self.open = None

    def step(self) -> None:
        """Take one line."""
        line, start = self.lines[self.at], self.found.starts[self.at]
        indent_match = _INDENT.match(line)
        indent = indent_match.end() if indent_match else 0
        rest = line[indent:].rstrip()
        self.at += 1
        if not rest:
            self.flush()
            self.is_first = True
        elif match := _HEADING.match(rest):
            self._heading(len(match[1]), match["text"], start + indent + match.start("text"))
        elif self._is_underlined():
            self._heading(1 if self.lines[self.at].strip()[0] == "=" else 2, rest, start + indent)
            self.at += 1
        elif match := _ADMONITION.match(rest):
            self._admonition(match, start + indent)
        elif _RULE.match(rest):
            self.flush()
        else:
            self._text(rest, start + indent, indent)

    def _is_underlined(self) -> bool:
        following = self.lines[self.at] if self.at < len(self.lines) else ""
        return self.is_first and bool(_UNDERLINE.match(following.strip()))

    def _stretch(self, start: int, end: int) -> None:
        self.flush()
        self.open = (start, end)
        self.flush()

    def _heading(self, level: int, text: str, start: int) -> None:
        line, identifier, end = self.found.line(start), "", len(text)
        if attributes := _HEADING_ATTRIBUTES.search(text):
            end = attributes.start()
            stated = re.search(r"#([^\s{}]+)", attributes[1])
            identifier = stated[1] if stated else ""
        self.headings.append(Heading(level, identifier, text[:end].strip(), line))
        self._stretch(start, start + end)
        self.numbers.clear()
        self.is_first = True

    def _admonition(self, match: re.Match[str], start: int) -> None:
        name = "tab_title" if match["tab"] else "title"
        kind = "tab" if match["tab"] else match["kind"]
        self.admonitions.append(Admonition(kind, match[name] or "", self.found.line(start)))
        self.flush()
        if match[name]:
            self._stretch(start + match.start(name), start + match.end(name))
        self.is_first = True

    def _text(self, rest: str, start: int, indent: int) -> None:
        item = _ITEM.match(rest)
        is_item = bool(item and self._opens_item(item["number"], indent))
        if self.is_first and not is_item:
            self.numbers = {at: number for at, number in self.numbers.items() if at < indent}
        if self.is_first:
            self.in_list = is_item
        self.is_first = False
        end = start + len(rest)
        if item and is_item:
            self.flush()
            start += item.end()
        if rest.startswith("|"):
            self._stretch(start, end)
        elif self.open:
            self.open = (self.open[0], end)
        else:
            self.open = (start, end)

    def _opens_item(self, number: str | None, indent: int) -> bool:
        """Return whether a marker is one: it opens a block or follows an item, and it counts."""
        if not (self.is_first or self.in_list):
            return False
        if number is None:
            return True
        last = self.numbers.get(indent, 0)
        if int(number) not in {1, last + 1}:
            return False
        self.numbers = {at: value for at, value in self.numbers.items() if at < indent}
        self.numbers[indent] = int(number)
        return True
