"""Search: what Material's index needs so that each word is found, in both languages."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jieba
from mkdocs.structure.pages import Page

# What Material leaves out, with all that is in it; none of these stands in one of its own kind.
_LEFT_OUT = re.compile(
    r"(<(pre|svg|tbody|figure|template)\b(?=[^>]*\sdata-search-exclude)[^>]*>).*?(</\2>)", re.DOTALL
)
# Ends of what stands beside its neighbour without a space: cells, terms, definitions.
_END = re.compile(r"(</(?:t[dh]|d[td])>)(?=<)")

# Signs at which a word ends anyway: they are among the `separator` of mkdocs.yml.
_PARTED = re.compile("\u200b*([\\s\u2009\u3000\\-、。，．？！；：（）()“”《》<>|])\u200b*")
_REPEATING = re.compile(r"#(next|try)$")


def cut_by_dictionary() -> None:
    """Cut Chinese into words of the dictionary alone.

    jieba's guesses at words that it does not know swallow those that readers look for: 散度 of
    散度和. Material calls `jieba.cut` without a way to say so.
    """
    if not isinstance(jieba.cut, functools.partial):
        jieba.cut = functools.partial(jieba.cut, HMM=False)


def load_dictionary() -> None:
    """Read the dictionary now, so that a fork has it too."""
    jieba.initialize()


def prepared(html: str) -> str:
    r"""Put a line's end between elements that the index would join, and keep code out of it.

    Code and what it printed would be a third of the index. Material ends an exclusion at the first
    inner end tag of the same name, so each `pre` carries its own.

    Args:
        html: A page's content.

    Examples:
        >>> prepared("<tr><td>width</td><td>ratio</td></tr>")
        '<tr><td>width</td>\n<td>ratio</td>\n</tr>'
        >>> prepared("<pre><code>x = 1</code></pre>")
        '<pre data-search-exclude><code>x = 1</code></pre>'
    """
    return _END.sub("\\1\n", html).replace("<pre>", "<pre data-search-exclude>")


def pass_over(plugins: Mapping[str, Any]) -> None:
    """Keep Material from reading what it leaves out of the index: most of what pages hold.

    Args:
        plugins: The build's plugins, configured.
    """
    for plugin in plugins.values():
        if index := getattr(plugin, "search_index", None):
            index.add_entry_from_context = functools.partial(_add, index.add_entry_from_context)


def _add(add: Callable[[Page], None], page: Page) -> None:
    whole = page.content
    page.content = emptied(whole or "")
    try:
        add(page)
    finally:
        page.content = whole


def emptied(html: str) -> str:
    """Return a page's content without what stands in elements that are left out of the index.

    Args:
        html: The content.

    Examples:
        >>> emptied("<p>Read</p><pre data-search-exclude><code>x = 1</code></pre>")
        '<p>Read</p><pre data-search-exclude></pre>'
    """
    return _LEFT_OUT.sub(r"\1\3", html)


def compact(path: Path) -> None:
    r"""Write an index's Chinese as it is, not as `\\u4e00`, and leave out what finds nothing.

    Marks between words are needed only where no other sign parts them. The exercise and the way to
    the next page repeat the words of their page, or of another page's title.

    Args:
        path: `search_index.json`, as the search plugin wrote it; nothing happens without it.
    """
    if path.is_file():
        index = json.loads(path.read_text(encoding="utf-8"))
        index["docs"] = [one for one in index["docs"] if not _REPEATING.search(one["location"])]
        for one in index["docs"]:
            one["text"] = _PARTED.sub(r"\1", one["text"]).strip("\u200b")
        text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        path.write_text(text, encoding="utf-8")
