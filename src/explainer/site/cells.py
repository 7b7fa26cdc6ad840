"""Code and its output as a page shows them, through markdown-exec's rendering."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from markdown_exec import base_format, markdown_config

from explainer.site.kept import kept, made_by

# What renders inside a code block; the page's own extensions are not needed there.
_INNER = [
    "pymdownx.superfences",
    "pymdownx.highlight",
    "pymdownx.tabbed",
    "attr_list",
    "md_in_html",
]
_PACKAGES = ("markdown", "markdown-exec", "pygments", "pygments-ansi-color", "pymdown-extensions")


@functools.lru_cache(maxsize=2048)
def render(
    root: Path,
    code: str,
    output: str,
    *,
    id: str,
    title: str,
    location: str,
    tabs: tuple[str, str],
    lines: str,
) -> str:
    """Return code and output as HTML; both languages and later builds share what is the same.

    Args:
        root: The project's root.
        code: The source.
        output: What it printed.
        id: Id of the block.
        title: Title of the block, "" for none.
        location: Where the source stands, as markdown-exec names it; "none" hides it.
        tabs: Names of the tabs of source and output.
        lines: Lines to mark, "2-3".
    """
    shown = output.rstrip("\n")
    source = "" if location == "none" else (location if shown else "above")
    named = tabs if source.startswith("tabbed") else ("", "")  # else they stand nowhere
    return str(
        kept(
            root / ".explainer" / "rendered" / "cells",
            [code, shown, id, title, source, *named, lines, *_made_by()],
            lambda: _render(code, shown, id, title, source, named, lines),
        )
    )


@functools.cache
def _made_by() -> tuple[str, ...]:
    return tuple(made_by(Path(__file__), packages=_PACKAGES))


def _render(
    code: str, shown: str, id: str, title: str, source: str, tabs: tuple[str, str], lines: str
) -> str:
    # Each line has an id of its own, so that a receipt can mark the line that it names.
    highlight: dict[str, Any] = {
        "pygments_lang_class": True,
        "line_spans": f"__span-{id}",
    }
    settings = {"pymdownx.tabbed": {"alternate_style": True}, "pymdownx.highlight": highlight}
    markdown_config.save(list(_INNER), settings)
    extra = {"title": title} if title else {}
    if lines:
        extra["hl_lines"] = lines
    from markdown import Markdown

    return str(
        base_format(
            language="python",
            run=lambda *_args, **_kwargs: shown,
            code=code,
            md=Markdown(),
            source=source,
            result="ansi" if "\x1b[" in shown else "text" if shown else "",
            tabs=tabs,
            id=id,
            id_prefix=f"{id}-",
            update_toc=False,
            extra=extra,
        )
    )
