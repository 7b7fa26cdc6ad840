"""Notebooks: made from stored runs, runnable, and light as pages."""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from explainer.site import notebooks, scheduler, snippets
from explainer.site.runs import Run, Store

SNIPPET = '''"""Two and two.

They make four.
"""
# timeout: 60

# %% add
total = 2 + 2


def double(number):
    return number * 2


print(f"<b>{double(total)}</b> & more")

# %% clock
import time

seconds = time.perf_counter()  # measured
print(seconds > 0)

# %% silent
rest = total - 1
'''

HOOK = """
from pathlib import Path
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from explainer.site import notebooks
FOLDER = Path(__file__).parent / ".explainer" / "notebooks"

@event_priority(100)
def on_files(files, config):
    files.append(File("snippets/a/two.ipynb", str(FOLDER), config.site_dir, True))
    return files

def on_page_content(html, page, config, files):
    if page.file.src_uri.endswith(".ipynb"):
        return notebooks.styled(notebooks.trim(html), base="../../../")
"""

CONFIG = """
site_name: Tiny
theme: {name: material, font: false}
hooks: [hook.py]
not_in_nav: /snippets/
plugins:
  search: {}
  mkdocs-jupyter: {execute: false, allow_errors: false, include: ["*.ipynb"]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one snippet."""
    path = tmp_path / "snippets" / "a" / "two.py"
    path.parent.mkdir(parents=True)
    path.write_text(SNIPPET, encoding="utf-8")
    return tmp_path


def runs_of(root: Path) -> dict[str, Run]:
    """Run the snippets of a project."""
    jobs = [
        scheduler.Job(snippets.load(path, root=root), path.name) for path in snippets.find(root)
    ]
    runs, problems = scheduler.refresh(Store(root), jobs)
    assert problems == []
    return runs


def test_cells_run_in_order_and_print_what_is_stored(project: Path) -> None:
    """Its code cells, executed one after the other, print the outputs that the notebook shows."""
    (path,) = notebooks.write(project, runs_of(project), project / "out")
    assert path == project / "out" / "snippets" / "a" / "two.ipynb"
    made = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(made)
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    space: dict[str, object] = {}
    for cell in code:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(cell.source, space)
        assert "".join(output.text for output in cell.outputs) == printed.getvalue()


def test_opening_says_how_to_run_it_and_closing_what_ran_it(project: Path) -> None:
    """The first cell names the package to install, the last device and versions but no time."""
    runs = runs_of(project)
    snippet = snippets.load(project / "snippets/a/two.py", root=project)
    made = json.loads(notebooks.notebook(snippet, runs["a/two"], page_url="https://x.test/a/"))
    opening, closing = ("".join(made["cells"][at]["source"]) for at in (0, -1))
    assert opening.startswith("# Two and two\n\nThey make four.\n")
    assert "`pip install explainer`" in opening and "<https://x.test/a/>" in opening
    assert runs["a/two"].device in closing and "explainer 0." in closing
    assert runs["a/two"].finished not in closing


def test_same_run_same_bytes_and_no_needless_write(project: Path) -> None:
    """Writing again leaves the file untouched; measured cells are tagged for who compares."""
    runs = runs_of(project)
    (path,) = notebooks.write(project, runs, project / "out")
    before = path.stat()
    assert notebooks.write(project, runs, project / "out") == [path]
    assert path.stat().st_mtime_ns == before.st_mtime_ns and path.stat().st_ino == before.st_ino
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [cell["id"] for cell in cells if "measured" in cell["metadata"].get("tags", [])] == [
        "code-clock"
    ]


def test_runs_of_nameless_blocks_become_no_notebook(project: Path) -> None:
    """Only snippet files have a notebook."""
    run = runs_of(project)["a/two"]
    assert notebooks.write(project, {"block/0123456789ab": run}, project / "out") == []


class _Elements(HTMLParser):
    """Collect the elements of a page and the text of its `<pre>` elements."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag == "pre":
            self.inside = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


@pytest.mark.site
def test_page_is_light_and_loads_nothing_from_elsewhere(project: Path) -> None:
    """mkdocs-jupyter renders the notebook that a hook adds; trimmed, only its code is left."""
    notebooks.write(project, runs_of(project), project / ".explainer" / "notebooks")
    (project / "docs").mkdir()
    (project / "docs" / "index.md").write_text("# Home\n\n[two](snippets/a/two.ipynb)\n")
    (project / "hook.py").write_text(HOOK)
    (project / "mkdocs.yml").write_text(CONFIG)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 'href="snippets/a/two/"' in (project / "site" / "index.html").read_text()
    page = (project / "site/snippets/a/two/index.html").read_text(encoding="utf-8")
    start = page.index('<link rel="stylesheet" href="../../../assets/notebook.css">')
    content = page[start : page.index("</article>", start)]
    found = _Elements()
    found.feed(content)
    assert not {"style", "script", "clipboard-copy", "iframe"} & set(found.names)
    assert all(address.startswith(("#", "../")) for address in found.addresses), found.addresses
    snippet = snippets.load(project / "snippets/a/two.py", root=project)
    add, clock, silent = (cell.source for cell in snippet.cells)
    assert [text.rstrip() for text in found.texts] == [
        add, "<b>8</b> & more", clock, "True", silent,
    ]  # fmt: skip
    assert len(content) < 10_000
    measured = re.findall(r'<div data-kind="measured"[^>]*id="([^"]*)"', content)
    assert measured == ["cell-code-clock"]
    assert html.unescape(page).count("pip install explainer") >= 2


def test_markup_that_is_not_known_is_refused() -> None:
    """A page that mkdocs-jupyter renders otherwise is an error, never a page half trimmed."""
    with pytest.raises(ValueError, match="jupyter-wrapper"):
        notebooks.trim("<p>Plain</p>")
    unknown = '<div class="jupyter-wrapper"><clipboard-copy for="cell-1"></clipboard-copy></div>'
    with pytest.raises(ValueError, match="clipboard"):
        notebooks.trim(unknown)
