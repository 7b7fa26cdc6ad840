"""Notebooks made from stored runs: not executed again, and light as pages of the site."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from explainer.site import environment, provenance, snippets
from explainer.site.runs import Run
from explainer.site.snippets import Cell, Snippet

STYLES = Path(__file__).with_name("notebook.css")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_ID_CHARACTERS = 64  # nbformat's limit

_PROLOGUE = re.compile(r"\A.*?(?=<div class=\"jupyter-wrapper\">)", re.DOTALL)
_ASSETS = re.compile(r"<(style|script)\b[^>]*>.*?</\1>", re.DOTALL)
_COPY_BUTTON = re.compile(
    r'<div class="zeroclipboard-container">.*?</clipboard-copy>\s*</div>'
    r'|<div[^>]*class="clipboard-copy-txt"[^>]*>.*?</div>'
    r'|<div class="celltoolbar">(?:\s*<div[^>]*>\s*<span[^>]*>\s*<span[^>]*>[^<]*</span>\s*</span>'
    r"\s*</div>)*\s*</div>",
    re.DOTALL,
)
_CODE = re.compile(
    r'<div class="highlight-ipynb[^"]*">\s*<pre>(?:<span></span>)?(.*?)</pre>\s*</div>', re.DOTALL
)
_OUTPUT = re.compile(r'(<div class="jp-RenderedText[^>]*>)\s*<pre>(.*?)</pre>', re.DOTALL)
_MEASURED = re.compile(r'<div class="(jp-Cell [^"]*\bcelltag_measured\b[^"]*)"')
_LEFT = re.compile(r"<(?:style|script)\b|clipboard|celltoolbar|highlight-ipynb")


def notebook(snippet: Snippet, run: Run, *, page_url: str = "") -> str:
    """Return a snippet as a notebook, with the outputs of its stored run.

    Args:
        snippet: The snippet; each of its cells becomes a code cell.
        run: Its run. Cells that measured something carry the tag `measured`, since their output
            differs from run to run.
        page_url: Address of a page that explains it, if one is to be named.

    Returns:
        The text of an `.ipynb` file, nbformat 4, the same for the same run.

    Raises:
        nbformat.ValidationError: If it is no valid notebook.
    """
    cells = [_markdown("title", _opening(snippet, page_url))]
    cells += [_code(number, cell, snippet, run) for number, cell in enumerate(snippet.cells, 1)]
    cells.append(_markdown("versions", _closing(run)))
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    nbformat.validate(made)
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _markdown(id: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text.splitlines(True)}


def _code(number: int, cell: Cell, snippet: Snippet, run: Run) -> dict[str, Any]:
    printed = run.outputs.get(cell.name, "").splitlines(True)
    output = {"output_type": "stream", "name": "stdout", "text": printed}
    tags = {"tags": ["measured"]} if cell.name in snippet.measured_cells else {}
    return {
        "cell_type": "code",
        "id": f"code-{cell.name}"[:_ID_CHARACTERS],
        "execution_count": number,
        "metadata": {"name": cell.name} | tags,
        "outputs": [output] if printed else [],
        "source": cell.source.splitlines(True),
    }


def _opening(snippet: Snippet, page_url: str) -> str:
    docstring = ast.get_docstring(ast.parse(snippet.text)) or ""
    rest = docstring.partition("\n")[2].strip()
    install = "`pip install explainer`"
    parts = [
        f"# {snippet.title}",
        rest,
        f"{install}，然后从头到尾运行。 · {install}, then run it from top to bottom.",
        f"<{page_url}>" if page_url else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _closing(run: Run) -> str:
    shown = ", ".join(f"{name} {version}" for name, version in provenance.versions(run).items())
    return f"计算设备 · Computed on: {run.device}\n\n版本 · Versions: {shown}"


def write(root: Path, runs: Mapping[str, Run], folder: Path) -> list[Path]:
    """Write the notebook of each snippet that has a run; touch only what changes.

    Args:
        root: The project's root.
        runs: Runs by snippet id; those of nameless blocks are passed over.
        folder: Where they go: `<folder>/snippets/<chapter>/<name>.ipynb`.

    Returns:
        The files, sorted.
    """
    written = []
    for id, run in sorted(runs.items()):
        source = root / "snippets" / f"{id}.py"
        if not source.is_file():
            continue
        text = notebook(snippets.load(source, root=root), run)
        path = folder / "snippets" / f"{id}.ipynb"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            environment.write_atomically(path, text)
        written.append(path)
    return written


def trim(html: str) -> str:
    """Make a page of mkdocs-jupyter light: Material's code blocks, no style sheet of its own.

    mkdocs-jupyter puts JupyterLab's whole style sheet, a copy button and loaders of MathJax and
    Mermaid into each page. Material has all of that but the prompts.

    Args:
        html: The page's content, as mkdocs-jupyter rendered it.

    Returns:
        The content, which needs the style sheet `STYLES`.

    Raises:
        ValueError: If its markup is not the one that this function knows.
    """
    if '<div class="jupyter-wrapper">' not in html:
        raise ValueError('no `<div class="jupyter-wrapper">`: not a page of mkdocs-jupyter')
    html = _ASSETS.sub("", _PROLOGUE.sub("", html))
    html = _COPY_BUTTON.sub("", html)
    html = _CODE.sub(
        r'<div class="language-python highlight"><pre><span></span><code>\1</code></pre></div>',
        html,
    )
    html = _OUTPUT.sub(
        r'\1<div class="language-text highlight"><pre><code>\2</code></pre></div>', html
    )
    html = _MEASURED.sub(r'<div data-kind="measured" data-search-exclude class="\1"', html)
    html = html.replace(' tabindex="0"', "").replace('class="anchor-link"', 'class="headerlink"')
    html = html.replace(
        'id="cell-id=', 'id="cell-'
    )  # Material's copy button makes a selector of it
    if left := _LEFT.search(html):
        raise ValueError(f"`{left[0]}` is left on the page: has mkdocs-jupyter changed its markup?")
    return html


def styled(html: str, *, base: str) -> str:
    """Return a trimmed page that loads its style sheet.

    Args:
        html: The page's content, from `trim`.
        base: Address of the site's root as seen from the page, "../../../".
    """
    return f'<link rel="stylesheet" href="{base}assets/notebook.css">\n{html}'
