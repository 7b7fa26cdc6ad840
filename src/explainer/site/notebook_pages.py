"""Pages of notebooks: mkdocs-jupyter renders each once, for both languages and for later builds."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from explainer.site import notebooks
from explainer.site.kept import kept, made_by

_PACKAGES = ("mkdocs-jupyter", "nbconvert", "jinja2", "markdown", "mistune", "pygments", "jupytext")


def keep(page: Page, root: Path) -> None:
    """Make a notebook's page keep what mkdocs-jupyter renders, light as a page of the site.

    Args:
        page: The page, with mkdocs-jupyter's `render`.
        root: The project's root.
    """
    text = Path(page.file.abs_src_path or "").read_text(encoding="utf-8")
    render = page.render

    def rendered(config: MkDocsConfig, files: Files) -> dict[str, Any]:
        render(config, files)
        toc = [_outline(link) for link in page.toc]
        return {"content": notebooks.trim(page.content or ""), "title": page.title, "toc": toc}

    def once(config: MkDocsConfig, files: Files) -> None:
        options = repr(sorted(config.plugins["mkdocs-jupyter"].config.items()))
        folder = root / ".explainer" / "rendered" / "notebooks"
        found = kept(folder, [text, options, *_made_by()], lambda: rendered(config, files))
        page.content, page.title = found["content"], found["title"]
        page.toc = TableOfContents([_link(one) for one in found["toc"]])

    page.render = once  # type: ignore[method-assign]


@functools.cache
def _made_by() -> tuple[str, ...]:
    return tuple(made_by(Path(__file__), Path(notebooks.__file__), packages=_PACKAGES))


def _outline(link: AnchorLink) -> dict[str, Any]:
    children = [_outline(child) for child in link.children]
    return {"title": link.title, "id": link.id, "level": link.level, "children": children}


def _link(given: Mapping[str, Any]) -> AnchorLink:
    link = AnchorLink(given["title"], given["id"], given["level"])
    link.children = [_link(child) for child in given["children"]]
    return link
