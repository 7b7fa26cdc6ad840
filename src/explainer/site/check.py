"""Check every page without building: all that the build would refuse, all at once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from explainer.site import (
    cited,
    fences,
    glossary,
    links,
    lint,
    parity,
    scheduler,
    snippets,
    source,
    usage,
)
from explainer.site.blocks import Fence
from explainer.site.context import store
from explainer.site.errors import Problem
from explainer.site.evaluation import Evaluator
from explainer.site.scheduler import Job
from explainer.site.snippets import Snippet
from explainer.site.source import Page

# Each has `check(root, pages)`.
STATIC = (cited, lint, parity, links, glossary, usage)
_ON = {"on", "yes", "true", "1"}


def jobs(root: Path) -> list[Job]:
    """Return what a site runs: every snippet, and every code block with a body of its own.

    Args:
        root: The project's root.

    Returns:
        A job a snippet; a block that stands in both languages is one job.

    Raises:
        Problem: The first, if any of them is no snippet.
    """
    found, problems = find_jobs(root)
    if problems:
        raise problems[0]
    return found


def find_jobs(
    root: Path, pages: Mapping[str, Page] | None = None
) -> tuple[list[Job], list[Problem]]:
    """Return what a site runs, and what of it is no snippet; see `jobs`."""
    found: dict[str, Job] = {}
    problems: list[Problem] = []
    for path in snippets.find(root):
        try:
            snippet = snippets.load(path, root=root)
        except Problem as problem:
            problems.append(problem)
        else:
            found[snippet.id] = Job(snippet, path.relative_to(root).as_posix())
    for page in (source.load(root) if pages is None else pages).values():
        for fence in page.fences:
            if is_nameless(fence):
                try:
                    snippet, offset = nameless(fence, page.path)
                except Problem as problem:
                    problems.append(problem)
                else:
                    found.setdefault(snippet.id, Job(snippet, page.path, offset))
    return list(found.values()), problems


def is_nameless(fence: Fence) -> bool:
    """Return whether a fence is code that runs as it stands on the page."""
    return (
        fence.language == "python"
        and fence.options.get("exec", "").lower() in _ON
        and not fence.options.get("snippet")
        and bool(fence.body.strip())
    )


def nameless(fence: Fence, page: str) -> tuple[Snippet, int]:
    """Return the snippet of a fence's own body, and what turns its lines into the page's.

    Raises:
        Problem: If the body is no snippet; at its line of the page.
    """
    blank = len(fence.body) - len(fence.body.lstrip("\n"))
    offset = fence.line - 1 + blank  # line 2 of the snippet is the first of the body
    try:
        return fences.nameless(fence.body, page), offset
    except Problem as problem:
        line = problem.line + offset
        raise Problem(page, line, problem.message, problem.fix) from problem


def static(root: Path, pages: Mapping[str, Page] | None = None) -> list[Problem]:
    """Return what the files themselves say is wrong, without any run; sorted, each once.

    Args:
        root: The project's root.
        pages: Its pages, if they are read already.
    """
    pages = source.load(root) if pages is None else pages
    found = [problem for part in STATIC for problem in part.check(root, pages)]
    return in_order(found)


def drafts(pages: Mapping[str, Page]) -> list[Problem]:
    """Return a problem for each page whose front matter says `draft: true`.

    A draft shows under `make serve`; a build and `check` refuse it.

    Args:
        pages: The project's pages.
    """
    fix = "finish both languages and delete `draft: true`, or look at it under `make serve`"
    return [
        Problem(page.path, page.front_lines["draft"], "this page is a draft", fix)
        for page in pages.values()
        if page.front.get("draft")
    ]


def needed(page: Page, known: Container[str], *, by_blocks: bool = False) -> set[str]:
    """Return the ids of all that must have run before a page can be drawn.

    Args:
        page: The page.
        known: Ids of the project's snippets.
        by_blocks: Only what its code, tables and charts need, not the numbers in its sentences.
    """
    blocks = (fence for fence in page.fences if is_nameless(fence))
    find = usage.needed_by_blocks if by_blocks else usage.needed
    return find(page, known) | {nameless(fence, page.path)[0].id for fence in blocks}


def check(root: Path, only: Container[str] | None = None) -> list[Problem]:
    """Return all that the build would refuse, sorted by file and line, each once.

    Snippets that are stale run first, since every value, guard, table and chart of every page is
    evaluated in both languages; nothing is rendered.

    Args:
        root: The project's root.
        only: Pages to check, relative to the root; only snippets that they need are run. All if
            left out.
    """
    pages = source.load(root)
    found = [*static(root, pages), *drafts(pages)]
    if any(problem.path == cited.SHOWN for problem in found):
        return found  # whatever cites one would fail, each in its own words
    wanted, unreadable = find_jobs(root, pages)
    broken = {_id(problem.path) for problem in unreadable}
    if only is not None:
        pages = {path: page for path, page in pages.items() if path in only}
        known = {job.snippet.id for job in wanted} | broken
        ids = set().union(*(needed(page, known) for page in pages.values()))
        wanted = [job for job in wanted if job.snippet.id in ids]
        shown = {*pages, *(job.shown for job in wanted), *(f"snippets/{id}.py" for id in ids)}
        found = [problem for problem in found if problem.path in shown]
        unreadable = [problem for problem in unreadable if problem.path in shown]
    runs, failed = scheduler.refresh(store(root), wanted)
    evaluator = Evaluator(root)
    quoted = [problem for page in pages.values() for problem in evaluator.problems(page)]
    # A snippet that failed is one problem, not one for each place that quotes it.
    without = (broken | {job.snippet.id for job in wanted}) - runs.keys()
    lacking = {f"snippet {id} has no run" for id in without}
    found += [p for p in quoted if not any(p.message.startswith(start) for start in lacking)]
    return in_order(found + unreadable + failed)


def _id(path: str) -> str:
    """Return the id of the snippet of a file, "" for another file."""
    inside = path.removeprefix("snippets/")
    return inside.removesuffix(".py") if inside != path else ""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems sorted by file and line, each once."""
    places = {(p.path, p.line, p.message): p for p in problems}
    return [places[place] for place in sorted(places)]
