"""Serving before everything has run: what is drawn at once, what waits, what comes by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explainer.site import backlog, check, source
from explainer.site.backlog import Backlog
from explainer.site.scheduler import Job

QUICK = "# %% a\nslope = 2\n"
GATED = """# %% a
import os, time

while not os.path.exists({gate!r}):
    time.sleep(0.02)
slope = 3
"""


class Gate:
    """A project of a quick snippet and one that runs until the gate is open."""

    def __init__(self, root: Path) -> None:
        """Write the project."""
        self.root, self.path = root, root / "open"
        self.write("quick", QUICK)
        self.write("slow", GATED.format(gate=str(self.path)))
        self.backlog = Backlog(root)
        self.asked: list[float] = []

    def write(self, name: str, text: str) -> None:
        """Write a snippet."""
        path = self.root / f"snippets/index/{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def jobs(self) -> list[Job]:
        """What the project runs."""
        return check.jobs(self.root)

    def catch_up(self, patience: float = 0.1) -> backlog.State:
        """Ask for all, and insist on the quick one."""
        return self.backlog.catch_up(self.jobs(), {"index/quick"}, patience)

    def open(self) -> None:
        """Let the slow one end."""
        self.path.touch()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    """A project; what still runs is ended after the test."""
    (tmp_path / "mkdocs.yml").write_text("site_name: none\n", encoding="utf-8")
    made = Gate(tmp_path)
    yield made
    made.backlog.stop()


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds; fail after a time that only a hang takes."""
    for _ in range(1500):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")


def test_what_is_wanted_first_is_there_and_the_rest_comes_by_itself(gate: Gate) -> None:
    """The quick run is at hand, the slow one waits; when it has ended a rebuild is asked for."""
    state = gate.catch_up()
    assert set(state.runs) == {"index/quick"} and state.waiting == {"index/slow"}
    gate.backlog.listen(lambda: gate.asked.append(time.monotonic()))
    assert not gate.asked
    gate.open()
    eventually(lambda: gate.asked)
    state = gate.catch_up()
    assert set(state.runs) == {"index/quick", "index/slow"}
    assert not state.waiting and len(gate.asked) == 1


def test_what_ends_before_anybody_listens_is_told_to_the_first_who_does(gate: Gate) -> None:
    """The server starts to listen after the first build; nothing that ended meanwhile is lost."""
    gate.catch_up()
    gate.open()
    eventually(lambda: gate.backlog._has_news)
    gate.backlog.listen(lambda: gate.asked.append(time.monotonic()))
    assert len(gate.asked) == 1


def test_a_build_within_its_patience_sees_all(gate: Gate) -> None:
    """What ends while the build waits is in the build, and nobody asks for another."""
    gate.backlog.listen(lambda: gate.asked.append(time.monotonic()))
    gate.asked.clear()
    threading.Timer(0.5, gate.open).start()
    state = gate.catch_up(patience=60)
    assert set(state.runs) == {"index/quick", "index/slow"} and not gate.asked


def test_a_failure_is_told_once_and_tried_again_after_the_next_save(gate: Gate) -> None:
    """The rebuild that a failure asks for reports it and runs nothing; the one after runs again."""
    gate.write("slow", GATED.format(gate=str(gate.path)) + "1 / 0\n")
    assert not gate.catch_up().problems
    gate.backlog.listen(lambda: gate.asked.append(time.monotonic()))
    gate.open()
    eventually(lambda: gate.asked)
    (problem,) = gate.catch_up().problems
    assert "ZeroDivisionError" in problem.message and problem.path == "snippets/index/slow.py"
    gate.write("slow", GATED.format(gate=str(gate.path)))
    state = gate.catch_up(patience=60)
    assert not state.problems and set(state.runs) == {"index/quick", "index/slow"}


def test_an_edit_while_others_run_is_not_forgotten(gate: Gate) -> None:
    """A snippet that changed while it ran runs again before the build."""
    gate.catch_up()
    gate.write("slow", QUICK.replace("2", "5"))
    gate.open()
    eventually(lambda: gate.backlog._has_news)
    assert gate.catch_up(patience=60).runs["index/slow"].values["slope"] == 5


def test_snippets_run_in_the_order_in_which_pages_are_read(tmp_path: Path) -> None:
    """By the navigation; what a page shows before what it mentions; what no page needs last."""
    nav = ["index.md", {"One": ["a/one.md", {"Two": "a/two.md"}]}, "ledger.md"]
    order = list(backlog.named(nav))
    assert order == ["index.md", "a/one.md", "a/two.md", "ledger.md"]
    names = "alone", "mentioned", "next", "shown"
    for name in names:
        (tmp_path / "snippets/a").mkdir(parents=True, exist_ok=True)
        (tmp_path / f"snippets/a/{name}.py").write_text(QUICK)
    shown = '```python exec="on" snippet="shown#a"\n```\n'
    texts = {
        "one": "# One\n\n{{ mentioned.slope }}\n\n" + shown,
        "two": "# Two\n\n{{ next.slope }} {{ shown.slope }}\n",
    }
    pages = [page(tmp_path, name, text) for name, text in reversed(texts.items())]
    jobs = backlog.in_reading_order(check.jobs(tmp_path), pages, order)
    assert [job.snippet.id[2:] for job in jobs] == ["shown", "mentioned", "next", "alone"]


def page(root: Path, name: str, text: str, language: str = "en") -> source.Page:
    """Write a page of chapter `a` and read it."""
    path = root / f"docs/{language}/a/{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return source.parse(path, root)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_that_lacks_a_figure_is_its_outline(tmp_path: Path, language: str) -> None:
    """Title, headings and ids stand; a heading that quotes a number waits with it."""
    text = (
        "---\nsearch: {boost: 2}\n---\n# One\n\nIt is {{ x.y }}.\n\n## Two {#two}\n\n"
        "## All {{ x.y }} {#three}\n\n"
        '```python exec="on" snippet="x#a"\n```\n\n<span id="four"></span>\n'
    )
    shown = backlog.unfinished(page(tmp_path, "one", text, language), {"a/x", "a/z"}, {"a/x"})
    assert shown is not None
    assert shown.startswith("# One\n\n!!! note ") and "\n## Two {#two}\n" in shown
    assert "{{" not in shown and 'id="four"' in shown


def test_a_page_that_lacks_numbers_in_its_sentences_has_gaps(tmp_path: Path) -> None:
    """What has run is quoted, what has not leaves a gap, and a claim about it is not checked."""
    text = (
        "---\ntitle: One\n---\n# One\n\nIt is {{ x.y:.1f }} and {{ z.y }}{{ assert x.y > z.y }}.\n"
        '\n```python exec="on" snippet="z#a"\n```\n'
    )
    one = page(tmp_path, "one", text)
    shown = backlog.unfinished(one, {"a/x", "a/z"}, {"a/x"})
    assert shown is not None
    assert shown.startswith("# One\n\nIt is … and {{ z.y }}.\n") and 'snippet="z#a"' in shown
    assert backlog.unfinished(one, {"a/x", "a/z"}, {"b/x"}) is None
