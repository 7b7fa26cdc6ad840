"""Which page is being rendered: its project, path and language, under MkDocs and Zensical alike."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from explainer.site.errors import Problem
from explainer.site.glossary import Glossary
from explainer.site.glossary import load as load_glossary
from explainer.site.runs import Store
from explainer.site.values import Scope

LANGUAGES = ("zh", "en")
_stores: dict[Path, Store] = {}


@dataclass(frozen=True)
class PageContext:
    """One page being rendered.

    Args:
        root: The project's root.
        path: The page below `docs/<language>`, "parameters/counting.md".
        language: "zh" or "en".
    """

    root: Path
    path: str
    language: str

    @property
    def shown(self) -> str:
        """The page as errors name it."""
        return f"docs/{self.language}/{self.path}"

    @cached_property
    def scope(self) -> Scope:
        """The names that the page may quote."""
        return Scope(self.root, store(self.root), self.path, self.language)

    @cached_property
    def glossary(self) -> Glossary:
        """The site's terms."""
        return load_glossary(self.root)

    def line_of(self, *needles: str) -> int:
        """Return the line of the page's file that holds the first of `needles` that it has.

        0 if it has none of them.
        """
        lines = (self.root / self.shown).read_text(encoding="utf-8").splitlines()
        for needle in needles:
            for number, line in enumerate(lines, start=1):
                if needle in line:
                    return number
        return 0

    def problem(self, message: str, fix: str, *needles: str) -> Problem:
        """Return a refusal at the line that holds the first of `needles` that is found."""
        return Problem(self.shown, self.line_of(*needles), message, fix)

    def url(self, target: str) -> str:
        """Return the address of `target`, below this language's root, as seen from this page.

        Examples:
            >>> PageContext(Path(), "parameters/counting.md", "en").url("glossary/")
            '../../glossary/'
        """
        here = page_url(self.path)
        found = posixpath.relpath(target or ".", here or ".")
        return found + "/" if target.endswith("/") or not target else found

    @property
    def counterpart(self) -> str:
        """The address of this page in the other language, as seen from this page."""
        up = self.url("")
        if self.language == "zh":
            return posixpath.normpath(up + "en/" + page_url(self.path)) + "/"
        return posixpath.normpath(up + "../" + page_url(self.path)) + "/"


def page_url(path: str) -> str:
    """Return the address of a page below its language's root: "parameters/counting/"."""
    stem = path.removesuffix(".md").removesuffix(".ipynb")
    if stem == "index" or stem.endswith("/index"):
        return stem.removesuffix("index")
    return stem + "/"


def store(root: Path) -> Store:
    """Return the store of a project; one a process, since it remembers hashes."""
    return _stores.setdefault(root, Store(root))


def page_of(md: Any) -> PageContext | None:
    """Return the page that a Markdown instance renders, None where it renders no page.

    MkDocs registers a tree processor that knows the file, Zensical a preprocessor that knows the
    page; neither is documented, so a test renders a page under each.
    """
    if "relpath" in md.treeprocessors:
        file = md.treeprocessors["relpath"].file
        docs = Path(file.src_dir or "")
        return PageContext(docs.parent.parent, file.src_uri, docs.name) if file.src_dir else None
    if "rendering_context" in md.preprocessors:
        found = md.preprocessors["rendering_context"]
        docs = Path(found.config["docs_dir"]).absolute()
        return PageContext(docs.parent.parent, found.page.path, docs.name)
    return None
