"""Search: what Material's index needs so that each word is found, in both languages."""

from __future__ import annotations

import functools
import json
import math
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

# A table's figures: nobody looks for one of thousands, and the ledger lists them all.
_FIGURE = re.compile(r'(<td class="number">).*?(?=</td>)', re.DOTALL)
# A term's entry in the glossary, as `glossary.render` writes it.
_TERM = re.compile(r'<div id="([^"]+)"><dt><dfn>(.*?)</dfn>')
# A term of one letter against a section whose title has the same word. Even a long one then stands
# before a page with the word in its title, which Material lets weigh two and a half sections.
_TERM_BOOST = 40
# Where lunr joins letter and number of each way on from a node of its tree of words.
_WAY_ON = re.compile(r"(\w)=\1\+(\w)\+(\w)\.id\}")


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
            index.add_entry_from_context = functools.partial(
                _add, index, index.add_entry_from_context
            )


def _add(index: Any, add: Callable[[Page], None], page: Page) -> None:
    whole, before = page.content, len(index.entries)
    page.content = with_terms(emptied(whole or ""))
    try:
        add(page)
    finally:
        page.content = whole
    terms = {f"{page.url}#{id}" for id, _ in _TERM.findall(whole or "")}
    for entry in index.entries[before:]:
        if entry["location"] in terms:
            # A word weighs the same in every title that has it. The shorter the title, the surer
            # it is what the reader means: weight, not weighted sum.
            letters = len(entry["title"].replace("\u200b", ""))
            entry["boost"] = round(_TERM_BOOST / math.sqrt(letters), 1)


def emptied(html: str) -> str:
    """Return a page's content without what stands in elements that are left out of the index.

    Args:
        html: The content.

    Examples:
        >>> emptied("<p>Read</p><pre data-search-exclude><code>x = 1</code></pre>")
        '<p>Read</p><pre data-search-exclude></pre>'
        >>> emptied('<tr><th>width</th><td class="number"><data>0.5</data></td></tr>')
        '<tr><th>width</th><td class="number"></td></tr>'
    """
    return _FIGURE.sub(r"\1", _LEFT_OUT.sub(r"\1\3", html))


def with_terms(html: str) -> str:
    """Return a page's content with a heading for each term of the glossary.

    Each then is an entry of the index, with its own name and address.

    Args:
        html: The content.

    Examples:
        >>> with_terms('<div id="bias"><dt><dfn>偏置</dfn> <span>bias</span></dt></div>')
        '<h4 id="bias">偏置</h4><div><dt> <span>bias</span></dt></div>'
    """
    return _TERM.sub(r'<h4 id="\1">\2</h4><div><dt>', html)


def mend(worker: str) -> str:
    """Return the script that searches, with every word of the index to be found.

    lunr tells the nodes of its tree of words apart by the letter and the number of each way on,
    written without a sign between: way `1` to node 234 reads like ways `1` to 2 and `3` to 4.
    Words with digits then lose their ends to each other, so that nobody found E2M3
    (olivernn/lunr.js, issue 503).

    Args:
        worker: The script of Material's that holds lunr.

    Examples:
        >>> mend("for(;;){e=e+s+o.id}return e")
        'for(;;){e=e+s+o.id+","}return e'
    """
    return _WAY_ON.sub(r'\1=\1+\2+\3.id+","}', worker)


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
