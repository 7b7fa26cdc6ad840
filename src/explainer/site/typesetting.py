"""What a browser cannot know of a finished page: where lines may end, which columns count."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from markdown.postprocessors import Postprocessor

from explainer.site.context import page_of

_TITLE = re.compile(
    r'(<h[1-4]\b[^>]*>|<figcaption class="chart-title">)'
    r'(.*?)(?=<a class="headerlink"|</h[1-4]>|</figcaption>)',
    re.DOTALL,
)
_TAG = re.compile(r"(<[^>]*>)")
_HAN = re.compile(r"[\u3400-\u9fff]")
SHORT = 8  # signs of a title that fits on one line of any screen
# Words of one sign that lean on the word before them, and on the word after them.
_LEANING_BACK = frozenset("的了着过吗呢吧们地得里上下中个些元值率化出住到有")
_LEANING_ON = frozenset(
    "一第不没各每几两三四五六七八九十先新离词也都就很更最再还在从对把给为越又只"
)

# Running text, not code in it, nor the page's receipts.
_PROSE = re.compile(r"(<(?:p|li)>)(.*?)(?=</p>|</li>|<[uo]l)", re.DOTALL)
_CODE = re.compile(
    r"(<code\b.*?</code>|<math\b.*?</math>|<template\b.*?</template>|<[^>]*>)", re.DOTALL
)
# GPT-3, Llama-3.1-8B: names that a hyphen would let part before the figure.
_NAME = re.compile(r"\b(?=[\w.-]{3,14}(?![\w.-]*\w))[A-Za-z]+-(?:[\w.]+-)*[A-Z]?\d[\w.]*\b")
_NUMBER = r'<data class="n"[^<]*</data>'
_PAIR = re.compile(rf"[（(]{_NUMBER}(?:[，,] ?{_NUMBER}){{1,2}}[）)]")
_WITH_UNIT = re.compile(
    rf"{_NUMBER}(?:\u2009[\u3400-\u9fff]"
    r"|[ \u2009](?:[kMGTP]?i?B|[mµn]?s|km|bits?|bytes?|times|°C|%)(?!\w))"
)
_COMMAND = re.compile(r"<code>(?=[^<]{3,24}</code>)(?=[^<]* )")
# Where a long name in code may go on in the next line, and the path above a block.
_LONG = re.compile(r"<code>[\w./]{18,}(?=</code>)")
_JOINT = re.compile(r"(?<=[._/])(?=\w{3})")
_FILE = re.compile(r'<span class="filename">[^<]*/(?=[^</]+<)')

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
_SPANS = re.compile(r"\s(?:col|row)span=")
# A figure with its sign and unit; what stands where there is none; what joins two.
_FIGURE = r"[(\[]?[-+−±×~≈<>≤≥]*(?:\d[\d,.]*(?:e[-+−]?\d+)?|inf|nan|NaN|∞)[%‰×°]?[)\]]?"
_UNIT = r"[A-Za-zµ]{1,3}|[\u3400-\u9fff]{1,2}"
_FIGURES = re.compile(
    rf"(?:{_FIGURE}(?:\s*(?:{_UNIT}))?)(?:\s*[-–—…±/×]?\s*{_FIGURE}(?:\s*(?:{_UNIT}))?)*|[·–—-]?"
)


class Typesetting(Postprocessor):
    """Marks where titles may break, and aligns each column of figures as one."""

    md: Any

    def run(self, text: str) -> str:
        """Return the page; it runs for the text of each heading too, which has no such tags."""
        page = page_of(self.md)
        if page is None:
            return text
        if page.language == "zh":
            names = tuple(term.name("zh") for term in page.glossary.terms.values())
            text = _TITLE.sub(lambda match: match[1] + breakable(match[2], names), text)
        text = _PROSE.sub(lambda match: match[1] + held(match[2]), text)
        text = _LONG.sub(lambda match: _JOINT.sub("<wbr>", match[0]), text)
        text = _FILE.sub(r"\g<0><wbr>", text)
        return _TABLE.sub(lambda match: aligned(match[0]), text)


def breakable(title: str, names: tuple[str, ...] = ()) -> str:
    """Return a title's HTML with `<wbr>` between Chinese words; the sheet forbids other breaks.

    Args:
        title: What stands in the heading.
        names: Terms that stay whole.

    Examples:
        >>> breakable("真实的模型有多少参数？")
        '真实的<wbr>模型有<wbr>多少<wbr>参数？'
        >>> breakable("一个词元怎么知道该看谁？", ("词元",))
        '一个<wbr>词元<wbr>怎么<wbr>知道<wbr>该<wbr>看<wbr>谁？'
        >>> breakable("参数是什么？")
        '参数是什么？'
    """
    if len(_TAG.sub("", title)) <= SHORT:
        return title
    parts = _TAG.split(title)
    parts[::2] = [_parted(part, names) for part in parts[::2]]
    return "".join(parts)


def _parted(text: str, names: tuple[str, ...]) -> str:
    import jieba

    whole = {
        at
        for name in names
        if name in text
        for match in re.finditer(re.escape(name), text)
        for at in range(match.start() + 1, match.end())
    }
    done, before, at = "", "", 0
    for word in jieba.cut(text, HMM=False):
        is_inside = _HAN.match(word) and _HAN.match(before[-1:])
        if is_inside and at not in whole | {len(text)} and _may_part(before, word):
            done += "<wbr>"
        done, before, at = done + word, word, at + len(word)
    return done


def _may_part(before: str, after: str) -> bool:
    return before not in _LEANING_ON and after not in _LEANING_BACK


def held(prose: str) -> str:
    """Return a paragraph's HTML in which names, pairs, and numbers with units stay on one line.

    Args:
        prose: What stands between `<p>` and `</p>`.

    Examples:
        >>> held("GPT-3 is a model, <code>GPT-3</code> a text.")
        '<span class="held">GPT-3</span> is a model, <code>GPT-3</code> a text.'
        >>> held('(<data class="n">1</data>, <data class="n">2</data>)')
        '<span class="held">(<data class="n">1</data>, <data class="n">2</data>)</span>'
    """
    parts = _CODE.split(prose)
    parts[::2] = [_NAME.sub(_hold, part) for part in parts[::2]]
    parts[1::2] = [_COMMAND.sub('<code class="held">', part) for part in parts[1::2]]
    return _WITH_UNIT.sub(_hold, _PAIR.sub(_hold, "".join(parts)))


def _hold(match: re.Match[str]) -> str:
    return f'<span class="held">{match[0]}</span>'


def aligned(table: str) -> str:
    """Return a table with `class="number"` on every cell of its columns of figures, and no other.

    Columns, not cells: `inf` and a dash stand under the figures they stand for, and a figure in a
    column of words stays with the words. The cell that names a row is left as it is.

    Args:
        table: HTML from `<table>` to `</table>`.

    Examples:
        >>> head = "<table><tr><th>model</th><th>rounded</th></tr>"
        >>> aligned(head + "<tr><th>a</th><td>1.5</td></tr><tr><th>b</th><td>inf</td></tr></table>")
        '<table><tr><th>model</th><th class="number">rounded</th></tr><tr><th>a</th><td \
class="number">1.5</td></tr><tr><th>b</th><td class="number">inf</td></tr></table>'
    """
    if _SPANS.search(table):
        return table
    rows = [_CELL.findall(match[1]) for match in _ROW.finditer(table)]
    body = [row for row in rows if any(name == "td" for name, _, _ in row)]
    columns = list(zip(*body, strict=False))
    figures = {at for at, cells in enumerate(columns) if _counts(cells)}

    def row(match: re.Match[str]) -> str:
        cells = _CELL.findall(match[1])
        is_head = all(name == "th" for name, _, _ in cells)
        marked = [
            _marked(name, given, cell, is_number=at in figures)
            if name == "td" or is_head
            else f"<{name}{given}>{cell}</{name}>"
            for at, (name, given, cell) in enumerate(cells)
        ]
        start = match.start(1) - match.start()
        inner = iter(marked)
        return match[0][:start] + _CELL.sub(lambda _: next(inner), match[1]) + "</tr>"

    return _ROW.sub(row, table)


def _counts(cells: tuple[tuple[str, str, str], ...]) -> bool:
    """Return whether a column is one of figures, and not the names of rows."""
    texts = [unescape(_TAG.sub("", cell)).strip() for name, _, cell in cells if name == "td"]
    has_figure = any(re.search(r"\d", text) for text in texts)
    return has_figure and len(texts) == len(cells) and all(map(_FIGURES.fullmatch, texts))


def _marked(name: str, given: str, cell: str, *, is_number: bool) -> str:
    given = given.replace(' class="number"', "")
    kind = ' class="number"' if is_number else ""
    return f"<{name}{given}{kind}>{cell}</{name}>"
