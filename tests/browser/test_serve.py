"""`mkdocs serve`: an edit shows by itself, an error too, and the next good save recovers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.tiny import SNIPPET, Tiny

HANG_MILLISECONDS = 10_000
# Each run leaves a folder: a file would be one that the run depends on.
COUNTED = "# %% fit\nimport os, time\n\nos.mkdir(f'{}/{{time.time_ns()}}')\n"


class Serving:
    """A tiny project being served, and the folder that counts its runs."""

    def __init__(self, tiny: Tiny, url: str, counter: Path) -> None:
        """Name what a test edits and looks at."""
        self.tiny, self.url, self.counter = tiny, url, counter

    def runs(self) -> int:
        """Return how often the snippet was executed."""
        return len(list(self.counter.iterdir()))

    def edit(self, path: str, old: str, new: str) -> None:
        """Save a file with one change."""
        text = self.tiny.read(path)
        assert old in text
        self.tiny.write(path, text.replace(old, new))


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Serve a tiny project as `make serve` does."""
    folder = tmp_path_factory.mktemp("serve")
    tiny, counter = Tiny(folder / "project"), folder / "runs"
    counter.mkdir()
    snippet = SNIPPET.replace("# %% fit\n", COUNTED.format(counter))
    tiny.write("snippets/index/line.py", snippet)
    for language in ("zh", "en"):
        tiny.write(f"docs/{language}/late.md", "# What comes late {#late}\n\nNothing yet.\n")
    for file in ("mkdocs.yml", "mkdocs.en.yml"):
        tiny.write(file, tiny.read(file).replace("- index.md\n", "- index.md\n  - late.md\n"))
    with served(tiny, folder) as url:
        yield Serving(tiny, url, counter)


@contextmanager
def served(tiny: Tiny, folder: Path) -> Iterator[str]:
    """Serve a project; yield its address once it answers."""
    tiny.write("src/explainer/own.py", "")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    log = folder / "serve.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
            cwd=tiny.root,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1767225600"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            await_port(port, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=10)


def await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server listens; its first build comes before."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
def page(browser: Browser, serving: Serving) -> Iterator[Page]:
    """The English page, open in a browser that nobody touches again."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(serving.url + "en/")
    expect(page.locator("data.n").first).to_be_visible()
    yield page
    context.close()


def expect_soon(page: Page, selector: str, text: str, what: str) -> None:
    """Wait for a text to appear by itself; print how long it took."""
    start = time.monotonic()
    shown = page.locator(selector).filter(has_text=text)
    expect(shown.first).to_be_visible(timeout=HANG_MILLISECONDS)
    print(f"{what}: {time.monotonic() - start:.1f} s")


def test_prose_shows_without_a_run(serving: Serving, page: Page) -> None:
    """New words appear in the open page by themselves, and no snippet runs."""
    before = serving.runs()
    serving.edit("docs/en/index.md", "The slope is", "The slope, at last, is")
    expect_soon(page, "article", "The slope, at last, is", "edit of prose")
    assert serving.runs() == before


def test_an_edit_draws_one_page_and_leaves_search_whole(serving: Serving, page: Page) -> None:
    """An edit of one page rewrites it alone: other pages, titles in the menu and search stay."""

    def fetched(path: str) -> str:
        text = page.request.get(serving.url + path).text()
        return text.rpartition("livereload(")[0] or text  # which counts builds

    index, other = fetched("en/search/search_index.json"), fetched("en/late/")
    serving.edit("docs/en/index.md", "The slope", "Now the slope")
    expect_soon(page, "article", "Now the slope", "edit of one page")
    expect(page.locator(".md-nav__link", has_text="What comes late").first).to_be_attached()
    assert fetched("en/search/search_index.json") == index
    assert fetched("en/late/") == other
    serving.edit("docs/en/index.md", "Now the slope", "The slope")


def test_other_language_stays(serving: Serving, page: Page) -> None:
    """An edit of one language leaves the pages of the other where they were."""
    serving.edit("docs/zh/index.md", "斜率是", "斜率就是")
    page.goto(serving.url)
    expect_soon(page, "article", "斜率就是", "edit of Chinese prose")
    page.goto(serving.url + "en/")
    expect(page.locator("article data.n")).to_have_text("2.0")


def test_snippet_runs_again(serving: Serving, page: Page) -> None:
    """An edit of a snippet runs it once, and the new value appears in both languages."""
    before = serving.runs()
    serving.edit("snippets/index/line.py", "(3.0 - 1.0)", "(4.0 - 1.0)")
    expect_soon(page, "article data.n", "3.0", "edit of a snippet")
    page.goto(serving.url)
    expect(page.locator("article data.n")).to_have_text("3.0")
    assert serving.runs() == before + 1
    serving.edit("snippets/index/line.py", "(4.0 - 1.0)", "(3.0 - 1.0)")
    expect_soon(page, "article data.n", "2.0", "the snippet as it was")


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (
            "docs/en/index.md",
            "The slope",
            "All 671 slopes. The slope",
            ["docs/en/index.md:", "671", "fix:"],
        ),
        (
            "snippets/index/line.py",
            "print(prediction)",
            "print(prediction / 0)",
            ["snippets/index/line.py:", "ZeroDivisionError", "fix:"],
        ),
    ],
    ids=["typed digit", "raising snippet"],
)
def test_error_shows_and_goes(
    serving: Serving, page: Page, path: str, old: str, new: str, said: list[str]
) -> None:
    """A refusal replaces the open page, with place and fix; a good save brings the page back."""
    serving.edit(path, old, new)
    expect_soon(page, "pre", said[0], "an error")
    for part in said:
        expect(page.locator("pre")).to_contain_text(part)
    serving.edit(path, new, old)
    expect_soon(page, "article data.n", "2.0", "recovery")


def test_a_server_that_starts_on_a_refused_page_shows_why(browser: Browser, tmp_path: Path) -> None:
    """The message stands in the browser, a second one after it, and then the mended page."""
    tiny = Tiny(tmp_path / "project")
    good = tiny.read("docs/en/index.md")
    tiny.write("docs/en/index.md", good.replace("The slope", "All 671 slopes. The slope"))
    with served(tiny, tmp_path) as url:
        page = browser.new_page()
        page.goto(url + "en/")
        expect(page.locator("pre")).to_contain_text("docs/en/index.md:")
        tiny.write("docs/en/index.md", good.replace("The slope", "All 672 slopes. The slope"))
        expect(page.locator("pre")).to_contain_text("672", timeout=6 * HANG_MILLISECONDS)
        tiny.write("docs/en/index.md", good)
        shown = page.locator("article data.n")
        expect(shown).to_have_text("2.0", timeout=6 * HANG_MILLISECONDS)  # after a whole start
        page.close()


def test_pages_are_served_before_all_has_run_and_fill_in(browser: Browser, tmp_path: Path) -> None:
    """Home stands while another page waits for its snippet, as an outline; then it fills in."""
    tiny, gate = Tiny(tmp_path / "project"), tmp_path / "open"
    wait = f"import os, time\n\nwhile not os.path.exists({str(gate)!r}):\n    time.sleep(0.05)\n"
    tiny.write("snippets/late/slow.py", f"# %% fit\n{wait}slope = 7\n")
    for language in ("zh", "en"):
        code = '```python exec="on" snippet="slow#fit"\n```\n'
        text = "# Late\n\n## How {#how}\n\nIt is {{ slow.slope }}.\n\n" + code
        tiny.write(f"docs/{language}/late/page.md", text)
    for file in ("mkdocs.yml", "mkdocs.en.yml"):
        tiny.write(file, tiny.read(file).replace("- index.md\n", "- index.md\n  - late/page.md\n"))
    with served(tiny, tmp_path) as url:
        page = browser.new_page()
        page.goto(url + "en/")
        expect(page.locator("article data.n")).to_have_text("2.0")
        page.goto(url + "en/late/page/#how")
        expect(page.locator("article")).to_contain_text("This page is being computed")
        expect(page.locator("h2#how")).to_be_visible()
        gate.touch()
        expect_soon(page, "article data.n", "7", "a page that waited")
        page.goto(url + "late/page/")
        expect(page.locator("article data.n")).to_have_text("7")
        page.close()
