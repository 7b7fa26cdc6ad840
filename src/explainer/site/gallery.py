"""The gallery: every snippet of a site, the pages that explain it, and how to take it home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from explainer.site import snippets, source, usage
from explainer.site.backlog import named
from explainer.site.context import page_url
from explainer.site.imports import needs
from explainer.site.numerals import THIN, format_value
from explainer.site.runs import Run
from explainer.site.snippets import Snippet, chapter_of
from explainer.site.source import Page

_UNSEARCHED = 'data-search-exclude="true"'
_WORDS = {
    "zh": {
        "pages": "讲它的页面：",
        "comma": "、",
        "script": "脚本",
        "notebook": "运行过的笔记本",
        "test": "测试",
        "copy": "复制",
        "copied": "已复制",
        "failed": "没有复制成，请下载脚本",
        "needs": "用到",
        "seconds": "上次运行用时",
        "device": "运行时间都在这台机器上量得：",
        "none": "本站还没有代码片段。",
    },
    "en": {
        "pages": "Explained in: ",
        "comma": ", ",
        "script": "script",
        "notebook": "notebook with its output",
        "test": "test",
        "copy": "copy",
        "copied": "copied",
        "failed": "not copied; download the script instead",
        "needs": "uses",
        "seconds": "last run took",
        "device": "All times were measured on: ",
        "none": "There is no snippet yet.",
    },
}


@dataclass(frozen=True)
class Entry:
    """One snippet of the gallery.

    Args:
        snippet: The snippet.
        pages: The pages that need it, in reading order; those of its own chapter first.
        has_test: Whether a test of its own checks it.
    """

    snippet: Snippet
    pages: tuple[Page, ...]
    has_test: bool


def collect(root: Path, language: str, order: Sequence[str]) -> list[Entry]:
    """Return all snippets in reading order: by the first page that needs them.

    Args:
        root: The project's root.
        language: "zh" or "en".
        order: Names of the pages as they are read, "parameters/counting.md".
    """
    found = {s.id: s for s in (snippets.load(path, root=root) for path in snippets.find(root))}
    place = {name: number for number, name in enumerate(order)}
    needing: dict[str, list[Page]] = {id: [] for id in found}
    for page in source.load(root).values():
        if page.language == language:
            for id in usage.needed(page, found):
                needing[id].append(page)

    def read(page: Page) -> int:
        return place.get(page.name, len(place))

    entries = []
    for id, snippet in found.items():
        chapter, name = id.split("/")
        pages = sorted(needing[id], key=lambda p: (chapter_of(p.name) != chapter, read(p)))
        has_test = (root / f"tests/snippets/{chapter}/test_{name}.py").is_file()
        entries.append(Entry(snippet, tuple(pages), has_test))
    chapters = {chapter_of(name): number for number, name in reversed([*enumerate(order)])}

    def position(entry: Entry) -> tuple[int, int, str]:
        chapter = chapters.get(entry.snippet.id.split("/")[0], len(order))
        return chapter, min(map(read, entry.pages), default=len(order)), entry.snippet.id

    return sorted(entries, key=position)


def chapters(nav: Any) -> dict[str, str]:
    """Return the titles of chapters by the folder of their snippets.

    Args:
        nav: The navigation as MkDocs reads it.

    Examples:
        >>> chapters(["index.md", {"Parameters": ["parameters/counting.md"]}])
        {'parameters': 'Parameters'}
    """
    titles: dict[str, str] = {}
    for entry in nav or ():
        for title, inner in entry.items() if isinstance(entry, Mapping) else ():
            for name in named(inner):
                titles.setdefault(chapter_of(name), str(title))
    return titles


def render(
    entries: Sequence[Entry],
    language: str,
    *,
    titles: Mapping[str, str],
    base: str,
    runs: Mapping[str, Run],
) -> str:
    """Return the gallery as HTML: a list a chapter.

    Args:
        entries: The snippets, see `collect`.
        language: "zh" or "en".
        titles: Titles of the chapters by folder; a folder without one is named after its page.
        base: Address of the language's root as seen from the gallery's page, "../".
        runs: Runs by snippet id.
    """
    words = _WORDS[language]
    if not entries:
        return f'<div class="gallery"><p>{words["none"]}</p></div>'
    devices = sorted({runs[e.snippet.id].device for e in entries if e.snippet.id in runs})
    by_chapter: dict[str, list[Entry]] = {}
    for entry in entries:
        by_chapter.setdefault(entry.snippet.id.split("/")[0], []).append(entry)
    parts = [f"<p>{words['device']}{escape(words['comma'].join(devices))}</p>"] if devices else []
    for chapter, group in by_chapter.items():
        first = group[0].pages[:1]
        title = titles.get(chapter) or (page_title(first[0]) if first else chapter)
        items = "".join(_item(entry, words, language, base, runs) for entry in group)
        parts.append(f'<h3 id="of-{escape(chapter)}" {_UNSEARCHED}>{escape(title)}</h3>')
        parts.append(f"<ul>{items}</ul>")
    labels = " ".join(f'data-{key}="{words[key]}"' for key in ("copy", "copied", "failed"))
    return f'<div class="gallery" {labels}>{"".join(parts)}</div>'


def page_title(page: Page) -> str:
    """Return a page's title: of its front matter, or its first heading."""
    given = page.front.get("title")
    return str(given or (page.headings[0].text if page.headings else page.name))


def _item(
    entry: Entry, words: Mapping[str, str], language: str, base: str, runs: Mapping[str, Run]
) -> str:
    id = entry.snippet.id
    chapter, name = id.split("/")
    links = [(words["script"], f"snippets/{id}.py", ' download=""')]
    if id in runs:
        links.append((".ipynb", f"snippets/{id}.ipynb", ' download=""'))
        links.append((words["notebook"], f"snippets/{id}/", ""))
    if entry.has_test:
        links.append((words["test"], f"tests/snippets/{chapter}/test_{name}.py", ' download=""'))
    joined = " · ".join(
        f'<a href="{escape(base + target)}"{more}>{label}</a>' for label, target, more in links
    )
    pages = words["comma"].join(
        f'<a href="{escape(base + page_url(page.name)) or "./"}">{escape(page_title(page))}</a>'
        for page in entry.pages
    )
    facts = []
    if used := needs(entry.snippet):
        facts.append(f"{words['needs']} " + ", ".join(f"<code>{escape(u)}</code>" for u in used))
    if id in runs:
        seconds = runs[id].seconds
        shown = f"{format_value(seconds, '.2f', language)}{THIN}s"
        mark = f'data-kind="measured" datetime="PT{seconds:.2f}S"'
        facts.append(f"{words['seconds']} <time {mark}>{shown}</time>")
    return (
        f'<li id="{escape(chapter)}-{escape(name)}"><p><code>{escape(name)}.py</code> '
        f'<span lang="en">{escape(entry.snippet.title)}</span></p>'
        + (f"<p>{words['pages']}{pages}</p>" if pages else "")
        + f'<p class="take" data-script="{escape(base)}snippets/{escape(id)}.py">{joined}</p>'
        + (f"<p>{' · '.join(facts)}</p>" if facts else "")
        + "</li>"
    )
