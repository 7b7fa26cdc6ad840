"""Every link leads somewhere, and no page asks another host for anything."""

from __future__ import annotations

import difflib
import functools
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from explainer.site import downloads, glossary, hosts, source
from explainer.site.errors import Problem
from explainer.site.markup import Link, Tag
from explainer.site.source import Page

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_WEB = re.compile(r"https?://[^/\s]+", re.IGNORECASE)
# What the build writes beside the pages: every snippet as a page, a script and a notebook.
_GENERATED = {"numbers.json"}
_SNIPPET = re.compile(r"snippets/(?P<id>[^/]+/[^/]+?)(?:\.py|\.ipynb|/|/index\.html)?$")
_THEME = "src/explainer/site/theme"


def check(root: Path, pages: Mapping[str, Page] | None = None) -> list[Problem]:
    """Refuse links, anchors and images that lead nowhere, and requests to other hosts.

    Args:
        root: The project's root.
        pages: Its pages, if they are read already.
    """
    pages = source.load(root) if pages is None else pages
    terms, _ = glossary.read(root)
    site = _Site(root, pages, frozenset(terms.anchors()))
    problems: list[Problem] = []
    for page in pages.values():
        for link in (*page.links, *page.definitions.values()):
            problems += site.link(page, link)
        for reference in page.references:
            if reference.name not in page.definitions:
                message = f"the link [{reference.name}] is defined nowhere on the page"
                fix = f"add a line `[{reference.name}]: page.md`, or write `[text](page.md)`"
                problems.append(Problem(page.path, reference.line, message, fix))
        for tag in page.tags:
            problems += site.tag(page, tag)
    theme = root / _THEME
    for path in sorted(theme.rglob("*")) if theme.is_dir() else ():
        problems += hosts.check_file(path, path.relative_to(root).as_posix())
    return problems


def anchors(page: Page, glossary_anchors: frozenset[str] = frozenset()) -> set[str]:
    """Return the ids that a page will have.

    Args:
        page: The page.
        glossary_anchors: Those of the glossary, for the page that shows it.
    """
    found = {heading.id for heading in page.headings} | {item.id for item in page.ids}
    found |= {spec.id for spec in page.specs}
    for fence in page.fences:
        if reference := fence.options.get("snippet"):
            name, _, cell = reference.rpartition("/")[2].partition("#")
            found.add(f"code-{name}-{cell}" if cell else f"code-{name}")
        if fence.language == "glossary":
            found |= glossary_anchors
    return found - {""}


class _Site:
    """What links may lead to."""

    def __init__(self, root: Path, pages: Mapping[str, Page], terms: frozenset[str]) -> None:
        self.root, self.pages = root, pages
        self.anchors = functools.cache(lambda path: anchors(pages[path], terms))

    def link(self, page: Page, link: Link) -> Iterator[Problem]:
        """Check a Markdown link or image."""
        what = "image" if link.is_image else "link"
        target = link.target
        if _SCHEME.match(target):
            if link.is_image:
                message = f"the image {target} would be asked of another host"
                yield Problem(page.path, link.line, message, "keep the file beside the page")
            elif not _WEB.match(target):
                message = f"the link {target} is neither a page of this site nor http(s)"
                yield Problem(page.path, link.line, message, "write a full https:// address")
        elif target.startswith("/"):
            message = f"the {what} {target} is absolute: it breaks when the site moves"
            fix = f"write it relative to the page: {self._relative(page, target)}"
            yield Problem(page.path, link.line, message, fix)
        else:
            yield from self._local(page, target, link.line, what)

    def tag(self, page: Page, tag: Tag) -> Iterator[Problem]:
        """Check the addresses of a raw HTML tag."""
        for message, fix in hosts.check_tag(tag.name, tag.attributes):
            yield Problem(page.path, tag.line, message, fix)
        for name in ("href", "src"):
            target = tag.attributes.get(name, "")
            if not target or _SCHEME.match(target) or target.startswith("{{"):
                continue
            path, _, anchor = target.partition("#")
            if path.startswith("/"):
                message = f"the address {target} is absolute: it breaks when the site moves"
                yield Problem(page.path, tag.line, message, "write it relative to the page")
            elif path.endswith(".md"):
                message = f"MkDocs does not rewrite {name}={target!r} in raw HTML"
                yield Problem(page.path, tag.line, message, f"write `[text]({target})`")
            else:
                markdown = self._markdown(page, path) + (f"#{anchor}" if anchor else "")
                yield from self._local(page, markdown, tag.line, "address")

    def _markdown(self, page: Page, path: str) -> str:
        """Turn an address as a browser sees it into one as Markdown writes it."""
        if not path:
            return ""
        is_index = posixpath.basename(page.name) == "index.md"
        folder = posixpath.dirname(page.name) if is_index else page.name.removesuffix(".md")
        found = posixpath.normpath(posixpath.join(folder, path))
        if path.endswith("/") or path in (".", ".."):
            for name in (f"{found}.md", posixpath.join(found, "index.md")):
                if f"docs/{page.language}/{posixpath.normpath(name)}" in self.pages:
                    found = posixpath.normpath(name)
                    break
            else:
                found += "/"
        return posixpath.relpath(found, posixpath.dirname(page.name) or ".") + "/" * (
            found.endswith("/")
        )

    def _local(self, page: Page, target: str, line: int, what: str) -> Iterator[Problem]:
        path, _, anchor = unquote(target).partition("#")
        path = path.partition("?")[0]
        if not path:
            yield from self._anchor(page, page, anchor, line)
            return
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), path))
        there = f"docs/{page.language}/{name}"
        if there in self.pages:
            yield from self._anchor(page, self.pages[there], anchor, line)
        elif not self._is_file(page.language, name, path.endswith("/")):
            near = difflib.get_close_matches(there, list(self.pages), n=1)
            close = f": {self._relative(page, near[0])} is near" if near else ""
            message = f"the {what} {target} leads nowhere: there is no {there}"
            yield Problem(page.path, line, message, f"mend the {what}{close}")

    def _is_file(self, language: str, name: str, is_folder: bool) -> bool:
        if name.startswith("../"):
            return False
        if snippet := _SNIPPET.match(name + "/" * is_folder):
            return (self.root / "snippets" / f"{snippet['id']}.py").is_file()
        if downloads.is_named(self.root, name):
            return True
        places = (self.root / "docs" / language / name, self.root / _THEME / name)
        return name in _GENERATED or any(place.is_file() for place in places)

    def _anchor(self, page: Page, there: Page, anchor: str, line: int) -> Iterator[Problem]:
        if not anchor or anchor in self.anchors(there.path):
            return
        near = difflib.get_close_matches(anchor, sorted(self.anchors(there.path)), n=1)
        message = f"the anchor #{anchor} is not on {there.path}"
        fix = f"did you mean #{near[0]}?" if near else "mend it, or add that id there"
        yield Problem(page.path, line, message, fix)

    def _relative(self, page: Page, target: str) -> str:
        name = re.sub(r"^(?:docs/(?:zh|en)/|/(?:en/)?)", "", target)
        if name.endswith("/"):
            name = name.rstrip("/") + ".md"
        return posixpath.relpath(name or "index.md", posixpath.dirname(page.name) or ".")
