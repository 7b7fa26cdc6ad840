"""The same pages as a plain MkDocs Material project: every number, table and chart typed in.

What a build of ours costs is measured against a build of this, in the same run.
"""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import yaml

from explainer.site import fences, source, tables
from explainer.site.blocks import Fence
from explainer.site.context import LANGUAGES, PageContext
from explainer.site.extension import Quoting
from explainer.site.inline import fill, plain

# Their HTML is typed in; the ledger, the gallery and the figures of the site are left out.
DRAWN = ("chart", "widget", "glossary", "ledger", "gallery", "site-facts", "reference")
DROPPED = ("  explainer:", "  explainer.site.", "      - {name: ")


def write(root: Path, target: Path) -> None:
    """Write the plain project of `root` into `target`, with its two configurations."""
    for language in LANGUAGES:
        for page in source.load(root).values():
            if page.language == language:
                path = target / page.path
                path.parent.mkdir(parents=True, exist_ok=True)
                state = Quoting(PageContext(root, page.name, language))
                path.write_text(_typed(page, state), encoding="utf-8")
        made = root / ".explainer"
        shutil.copytree(made / "notebooks", target / "docs" / language, dirs_exist_ok=True)
        files = target / "docs" / language / "downloads"
        shutil.copytree(made / "downloads", files, dirs_exist_ok=True)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(DROPPED)]
        text = "\n".join(kept).replace("    custom_fences:", "").replace("strict: true", "")
        text = text.replace("cache: false", "cache: true")  # ours keeps what it renders, too
        text = text.replace("src/explainer/site/theme", str(root / "src/explainer/site/theme"))
        (target / name).write_text(text, encoding="utf-8")


def _typed(page: source.Page, state: Quoting) -> str:
    """Return a page's Markdown with everything that is quoted typed in."""
    edits = []
    starts = [0, *(found.end() for found in re.finditer("\n", page.text + "\n"))]
    for fence in page.fences:
        if (typed := _fence(fence, state)) is not None:
            last = fence.line + len(fence.body.splitlines()) + 1
            edits.append((starts[fence.line - 1], starts[last], typed + "\n"))
    blocks = [(start, end) for start, end, _ in edits]
    for found in page.expressions:
        if not any(start <= found.start < end for start, end in blocks):
            body = page.text[found.start : found.end].removeprefix("{{").removesuffix("}}")
            edits.append((found.start, found.end, _value(body, state)))
    text = page.text
    for start, end, typed in sorted(edits, reverse=True):
        text = text[:start] + typed + text[end:]
    return text


def _value(body: str, state: Quoting) -> str:
    if body.strip().startswith("assert "):
        return ""
    return plain(fill(state, "{{" + body + "}}"))


def _fence(fence: Fence, state: Quoting) -> str | None:
    if fence.language == "python" and fence.options.get("exec"):
        shown = fences.python.__wrapped__(fence.body, dict(fence.options), state)  # type: ignore[attr-defined]
        blocks = re.findall(r"<pre>.*?</pre>", shown, re.DOTALL)
        texts = [html.unescape(re.sub(r"<[^>]*>", "", block)) for block in blocks]
        kinds = ["python", *["text"] * (len(texts) - 1)]
        return "\n\n".join(f"```{k}\n{t.rstrip()}\n```" for k, t in zip(kinds, texts, strict=True))
    if fence.language == "table":
        return _pipes(tables.table(yaml.safe_load(fence.body), state))
    if fence.language in DRAWN:
        draw = getattr(fences, fence.language.replace("-", "_")).__wrapped__
        return str(draw(fence.body, {}, state)).replace("\n\n", "\n")
    return None


def _pipes(figure: str) -> str:
    rows = []
    for row in re.findall(r"<tr>(.*?)</tr>", figure, re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        rows.append("| " + " | ".join(plain(cell) for cell in cells) + " |")
    rows.insert(1, "|" + " - |" * rows[0].count(" | ") + " - |")
    return "\n".join(rows)
