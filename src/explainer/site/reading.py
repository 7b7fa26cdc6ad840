"""What a reader, a search engine or a link's preview learns of a page before reading it."""

from __future__ import annotations

import math
import re
from html import unescape

# Characters a minute of Chinese, words a minute of English: means of readers of plain texts, in
# Trauzettel-Klosinski & Dietz 2012, Standardized Assessment of Reading Performance, table 2.
HAN_A_MINUTE, WORDS_A_MINUTE = 255, 228
_LABEL = {"zh": "阅读约\u2009{}\u2009分钟", "en": "{} min read"}
# Code, figures, formulas and what is folded away are looked at, not read word for word.
_SKIPPED = re.compile(r"<(pre|svg|script|template|math|details|footer|table)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9][\w.,'\u2019-]*")
_SENTENCE = re.compile(
    r'<div class="admonition sentence">\s*<p class="admonition-title">.*?</p>(.*?)</div>', re.DOTALL
)
_TITLE_END = "</h1>"


def minutes(html: str) -> int:
    """Return how long a page's text takes to read, in whole minutes, at least one.

    Args:
        html: The page's content. Code, tables, figures and folded parts do not count.

    Examples:
        >>> minutes("<p>" + "word " * 500 + "</p><pre>" + "code " * 500 + "</pre>")
        3
        >>> minutes("<p>" + "字" * 255 + "</p>")
        1
    """
    text = unescape(_TAG.sub(" ", _SKIPPED.sub(" ", html)))
    spent = len(_HAN.findall(text)) / HAN_A_MINUTE + len(_WORD.findall(text)) / WORDS_A_MINUTE
    return max(1, math.ceil(spent))


def answer(html: str) -> str:
    r"""Return the page's answer in one sentence as plain text; "" where it has none.

    Args:
        html: The page's content.

    Examples:
        >>> answer('<div class="admonition sentence"><p class="admonition-title">In one sentence'
        ... '</p><p>A <b>line</b> has\ntwo.</p></div>')
        'A line has two.'
    """
    found = _SENTENCE.search(html)
    return " ".join(unescape(_TAG.sub("", found[1])).split()) if found else ""


def with_time(html: str, language: str) -> str:
    """Say below the title how long the page takes; a page without its one sentence is a list.

    Args:
        html: The page's content.
        language: "zh" or "en".
    """
    if not _SENTENCE.search(html):
        return html
    label = _LABEL[language].format(minutes(html))
    note = f'<p class="reading-time" data-search-exclude>{label}</p>'
    return html.replace(_TITLE_END, _TITLE_END + note, 1)
