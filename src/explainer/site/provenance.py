"""What a number carries: the `<data>` element, the page's receipts, and the colophon."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from explainer import __version__
from explainer.site.context import PageContext
from explainer.site.runs import Run
from explainer.site.snippets import load
from explainer.site.values import Quoted, Source, machine_value

# The versions that a reader is shown; all of them stand in the run's record.
SHOWN_VERSIONS = ("jax", "jaxlib", "numpy", "ml_dtypes", "optax", "gguf", "safetensors")

_WORDS = {
    "zh": {
        "title": "本页的数字从哪里来",
        "snippet": "代码片段",
        "script": "脚本",
        "notebook": "笔记本",
        "test": "测试",
        "computed": "计算设备",
        "when": "计算时间",
        "versions": "版本",
        "other": "English",
        "facts": "引用的事实",
        "lang": "en",
    },
    "en": {
        "title": "Where the numbers of this page come from",
        "snippet": "snippet",
        "script": "script",
        "notebook": "notebook",
        "test": "tests",
        "computed": "Computed on",
        "when": "When",
        "versions": "Versions",
        "other": "中文",
        "facts": "Facts cited",
        "lang": "zh",
    },
}


def attributes(quoted: Quoted, expr: str = "") -> dict[str, str]:
    """Return the attributes of the `<data>` element of a quoted value."""
    first, *more = quoted.sources or (Source("", "", 0),)
    found = {
        "class": "n",
        "value": machine_value(quoted.value),
        "data-kind": quoted.kind,
        "data-expr": expr or quoted.expr,
        "data-format": quoted.format,
        "data-source": f"{first.path}:{first.line}",
        "data-run": first.run,
    }
    if quoted.kind == "measured":
        found["data-search-exclude"] = "true"  # so that two builds have the same search index
    others = dict.fromkeys(f"{s.run}|{s.path}:{s.line}" for s in more)
    others.pop(f"{first.run}|{first.path}:{first.line}", None)
    if others:
        found["data-more"] = " ".join(others)
    return found


def number(quoted: Quoted, language: str, expr: str = "") -> str:
    """Return a quoted value as HTML."""
    shown = " ".join(f'{k}="{escape(v)}"' for k, v in attributes(quoted, expr).items() if v)
    return f"<data {shown}>{escape(quoted.text(language))}</data>"


def receipts(page: PageContext, facts: Iterable[Source], blocks: list[dict[str, Any]]) -> str:
    """Return what the receipts of a page need to know of its runs and facts, as JSON.

    It stands in a template: instant navigation would run a script, whatever its type.

    Args:
        page: The page.
        facts: Where its cited values come from.
        blocks: `{"run", "id", "start", "end"}` of each code block on the page.
    """
    runs = {id: _run_receipt(page, run, blocks) for id, run in sorted(page.scope.used.items())}
    cited = {
        source.run: {
            "unit": source.fact.unit,
            "title": source.fact.title,
            "url": source.fact.url,
            "date": source.fact.date,
            "note": source.fact.note,
        }
        for source in facts
        if source.fact is not None
    }
    known = {"runs": runs, "facts": cited}
    text = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f'<template class="receipts" data-search-exclude>{escape(text, quote=False)}</template>'


def _run_receipt(page: PageContext, run: Run, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    path = f"snippets/{run.id}.py"
    snippet = load(page.root / path, root=page.root)
    shown = [
        {k: block[k] for k in ("id", "start", "end")} for block in blocks if block["run"] == run.id
    ]
    return {
        "path": path,
        "device": run.device,
        "versions": versions(run),
        "finished": run.finished,
        "download": page.url(path),
        "page": page.url(f"snippets/{run.id}/"),
        # A line that stands on the page is read there.
        "lines": {
            str(origin.line): snippet.line(origin.line)
            for name, origin in snippet.origins.items()
            if name in run.values
            and not any(block["start"] <= origin.line <= block["end"] for block in shown)
        },
        "blocks": shown,
    }


def versions(run: Run) -> dict[str, str]:
    """Return the versions that a reader is shown."""
    found = {name: run.versions[name] for name in SHOWN_VERSIONS if name in run.versions}
    return {"explainer": __version__} | found


def colophon(page: PageContext) -> str:
    """Return the foot of a page: its snippets, tests and notebooks, device, versions and time."""
    runs = sorted(page.scope.used.items())
    if not runs:
        return ""
    words = _WORDS[page.language]
    items = "".join(f"<li>{_snippet_links(page, id, words)}</li>" for id, _ in runs)
    devices = ", ".join(sorted({run.device for _, run in runs}))
    shown = {k: v for _, run in runs for k, v in versions(run).items()}
    newest = max(run.finished for _, run in runs)
    rows = [
        (words["computed"], escape(devices)),
        (words["versions"], escape(", ".join(f"{k} {v}" for k, v in shown.items()))),
        (
            words["when"],
            f'<time data-kind="measured" datetime="{newest}">'
            f"{newest.replace('T', ' ').removesuffix('Z')} UTC</time>",
        ),
    ]
    terms = "".join(f"<div><dt>{term}</dt><dd>{text}</dd></div>" for term, text in rows)
    other = (
        f'<a class="other-language" href="{escape(page.counterpart)}" lang="{words["lang"]}" '
        f'hreflang="{words["lang"]}">{words["other"]}</a>'
    )
    return (
        f'<footer class="colophon" data-search-exclude><p class="colophon-title">{words["title"]}'
        f"</p><ul>{items}</ul><dl>{terms}</dl><p>{other}</p></footer>"
    )


def _snippet_links(page: PageContext, id: str, words: dict[str, str]) -> str:
    chapter, name = id.split("/")
    links = [
        (words["script"], f"snippets/{id}.py", " download"),
        (".ipynb", f"snippets/{id}.ipynb", " download"),
        (words["notebook"], f"snippets/{id}/", ""),
    ]
    test = f"tests/snippets/{chapter}/test_{name}.py"
    if (page.root / test).is_file():
        links.append((words["test"], test, " download"))
    joined = " · ".join(
        f'<a href="{escape(page.url(target))}"{download}>{label}</a>'
        for label, target, download in links
    )
    return f"<code>snippets/{id}.py</code> {joined}"
