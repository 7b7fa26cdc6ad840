"""Serving before everything has run: stale snippets go on in the background.

A build under `make serve` waits a little for them; pages that need one of those still under way
say so, with their headings in place, and are drawn when it has ended.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explainer.site import check, children, scheduler, source, usage
from explainer.site.children import Children
from explainer.site.context import store
from explainer.site.errors import Problem
from explainer.site.runs import Run
from explainer.site.scheduler import Job
from explainer.site.source import Page

PATIENCE_SECONDS = 10.0  # a build waits so long for what is stale, as after most edits
PAUSE_SECONDS = 90.0  # and while more comes, the next build follows so long after the last
_NICENESS = 10  # the site is drawn first
_WORDS = {
    "zh": (
        "这一页还在计算",
        "这一页要用到 {all} 段代码的结果，还有 {left} 段没有运行完。运行完，这一页会自动刷新。",
    ),
    "en": (
        "This page is being computed",
        "Snippets that it quotes: {all}. Yet to run: {left}. It fills in by itself when they have.",
    ),
}


@dataclass(frozen=True)
class State:
    """What a build can draw now.

    Args:
        runs: Runs by snippet id.
        waiting: Snippets that have yet to run.
        problems: What went wrong.
    """

    runs: dict[str, Run]
    waiting: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


@dataclass
class Backlog:
    """The snippets of one project that run while it is served.

    Args:
        root: The project's root.
    """

    root: Path
    _change: threading.Condition = field(default_factory=threading.Condition)
    _left: set[str] = field(default_factory=set)
    _problems: list[Problem] = field(default_factory=list)
    _is_awaited: bool = False
    _has_news: bool = False  # all has run since the last build
    _built: float = 0.0
    _rebuild: Callable[[], None] | None = None
    _processes: Children | None = None

    def catch_up(
        self, jobs: Sequence[Job], first: Collection[str], patience: float = PATIENCE_SECONDS
    ) -> State:
        """Return what can be drawn, once all has run or `patience` is over and `first` have.

        Args:
            jobs: What the site runs, in the order in which readers will want it.
            first: Ids of snippets without which nothing is worth showing.
            patience: How long to wait for the rest, s.
        """
        runs, stale = scheduler.sort(store(self.root), jobs)
        with self._change:
            if not stale:
                self._has_news = False
                return State(runs)
            if not self._left and not self._has_news:
                self._start(stale)
            self._has_news, self._is_awaited = False, True
            self._change.wait_for(lambda: not self._left, patience)
            self._change.wait_for(lambda: not self._left & set(first))
            self._is_awaited, self._built = False, time.monotonic()
            problems = tuple(sorted(self._problems, key=lambda p: (p.path, p.line)))
            is_over = not self._left
        runs, stale = scheduler.sort(store(self.root), jobs)
        if is_over and problems:
            return State(runs, problems=problems)
        if is_over and stale:  # edited while others ran
            return self.catch_up(jobs, first, patience)
        return State(runs, frozenset(job.snippet.id for job in stale))

    def _start(self, stale: Sequence[Job]) -> None:
        self._left = {job.snippet.id for job in stale}
        self._problems = []
        texts = [job.snippet.text for job in stale]
        self._processes = children.start(self.root, texts, niceness=_NICENESS)
        threading.Thread(target=self._work, args=(stale, self._processes), daemon=True).start()
        threading.Thread(target=self._end_with_main, daemon=True).start()

    def _work(self, jobs: Sequence[Job], processes: Children) -> None:
        by_place = {job.shown: job.snippet.id for job in jobs}
        try:
            for outcome in scheduler.side_by_side(store(self.root), jobs, processes):
                with self._change:
                    if isinstance(outcome, Problem):
                        self._problems.append(outcome)
                        self._left.discard(by_place.get(outcome.path, ""))
                    else:
                        self._left.discard(outcome.id)
                    self._tell()
        finally:
            with self._change:
                if self._left:  # a block of a page failed: its place is not its own
                    self._left.clear()
                    self._tell()

    def _tell(self) -> None:
        """Wake a build that waits, or ask for one if that is worth its time."""
        self._change.notify_all()
        if self._is_awaited:
            return
        self._has_news = not self._left
        if self._rebuild and (self._has_news or time.monotonic() - self._built > PAUSE_SECONDS):
            self._built = time.monotonic()
            self._rebuild()

    def listen(self, rebuild: Callable[[], None]) -> None:
        """Call `rebuild` whenever a build would show more, from now on."""
        with self._change:
            self._rebuild = rebuild
            if self._has_news:
                rebuild()

    @property
    def is_heard(self) -> bool:
        """Whether a server listens: none does during the first build."""
        return self._rebuild is not None

    def _end_with_main(self) -> None:
        """End what runs when the server ends: the interpreter would wait for it otherwise."""
        threading.main_thread().join()
        self.stop()

    def stop(self) -> None:
        """End what runs."""
        if self._processes is not None:
            self._processes.end()


_backlogs: dict[Path, Backlog] = {}


def of(root: Path) -> Backlog:
    """Return the backlog of a project: one a process, whatever builds come and go."""
    return _backlogs.setdefault(root, Backlog(root))


def named(nav: Any) -> Iterator[str]:
    """Yield the pages of a navigation in its order, "parameters/counting.md"."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, Mapping):
        yield from named(list(nav.values()))
    else:
        for entry in nav or ():
            yield from named(entry)


def in_reading_order(jobs: Sequence[Job], pages: Iterable[Page], order: Sequence[str]) -> list[Job]:
    """Return jobs by the first page that needs them, what a page shows before what it mentions.

    Args:
        jobs: The jobs.
        pages: The project's pages.
        order: Their names as they are read, "parameters/counting.md".
    """
    known = {job.snippet.id for job in jobs}
    by_name = {page.name: page for page in pages}
    rank: dict[str, int] = {}
    for name in order:
        if name in by_name:
            for by_blocks in (True, False):
                for id in sorted(check.needed(by_name[name], known, by_blocks=by_blocks)):
                    rank.setdefault(id, len(rank))
    return sorted(jobs, key=lambda job: rank.get(job.snippet.id, len(rank)))


def unfinished(page: Page, known: Collection[str], waiting: Collection[str]) -> str | None:
    """Return the Markdown of a page as far as it can be drawn, or None if nothing is missing.

    Numbers in sentences leave a gap, and claims go unchecked till the next build. Where code, a
    table or a chart is missing, its headings and ids stand alone, so that links still lead there.

    Args:
        page: The page.
        known: Ids of the project's snippets.
        waiting: Ids of those that have yet to run.
    """
    needs = check.needed(page, known)
    if not needs & set(waiting):
        return None
    if check.needed(page, known, by_blocks=True) & set(waiting):
        return _outline(page, needs, waiting)
    text = page.text
    for expression in sorted(page.expressions, key=lambda one: -one.start):
        if usage.quoted_by(page, expression, known) & set(waiting):
            is_guard = text[expression.start + 2 :].lstrip().startswith("assert ")
            gap = "" if is_guard else "…"
            text = text[: expression.start] + gap + text[expression.end :]
    return source.without_front_matter(text)


def _outline(page: Page, needs: Collection[str], waiting: Collection[str]) -> str:
    title, text = _WORDS[page.language]
    left = len(set(needs) & set(waiting))
    lines = [f'!!! note "{title}"', "    " + text.format(all=len(needs), left=left)]
    for heading in page.headings:
        mark = "#" * heading.level
        line = f"{mark} {heading.text}" + (f" {{#{heading.id}}}" if heading.id else "")
        if heading.level == 1:
            lines = [line, "", *lines]
        elif "{{" not in heading.text:
            lines += ["", line]
    stated = {heading.id for heading in page.headings if "{{" not in heading.text}
    ids = {identifier.id for identifier in page.ids} - stated
    lines += ["", *(f'<span id="{id}"></span>' for id in sorted(ids))]
    return "\n".join(lines) + "\n"
