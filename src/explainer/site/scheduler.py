"""Execute stale snippets side by side, each in a process of its own, with a progress bar."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from explainer.site import children, environment
from explainer.site.children import Children
from explainer.site.errors import Problem
from explainer.site.runs import Run, Store
from explainer.site.snippets import Snippet


@dataclass(frozen=True)
class Job:
    """A snippet to run, and where its lines stand for the reader of an error.

    Args:
        snippet: What to run.
        shown: File that errors name, relative to the project's root.
        offset: Added to a line of the snippet to give the line of that file.
    """

    snippet: Snippet
    shown: str
    offset: int = 0

    def problem(self, line: int, message: str, fix: str) -> Problem:
        """Return a refusal at a line of the snippet."""
        return Problem(self.shown, line + self.offset if line else 0, message, fix)


def refresh(
    store: Store, jobs: Sequence[Job], *, workers: int | None = None, force: bool = False
) -> tuple[dict[str, Run], list[Problem]]:
    """Return a run for each snippet, executing those that have none that is fresh.

    Args:
        store: Where runs are kept.
        jobs: The snippets.
        workers: Processes side by side; as many as this process may use processors if left out.
        force: Execute all, fresh or not.

    Returns:
        The runs by snippet id, and what went wrong.
    """
    runs, stale = ({}, list(jobs)) if force else sort(store, jobs)
    problems: list[Problem] = []
    if stale:
        stale.sort(key=lambda job: -store.last_seconds(job.snippet))  # longest first
        processes = children.start(store.root, [job.snippet.text for job in stale])
        for outcome in side_by_side(store, stale, processes, workers=workers, force=force):
            if isinstance(outcome, Problem):
                problems.append(outcome)
            else:
                runs[outcome.id] = outcome
    return runs, sorted(problems, key=lambda p: (p.path, p.line))


def sort(store: Store, jobs: Sequence[Job]) -> tuple[dict[str, Run], list[Job]]:
    """Return the runs that are fresh, by snippet id, and the jobs that have none."""
    found = [(job, store.load(job.snippet)) for job in jobs]
    fresh = {run.id: run for _, run in found if run is not None}
    return fresh, [job for job, run in found if run is None]


def side_by_side(
    store: Store,
    jobs: Sequence[Job],
    processes: Children,
    *,
    workers: int | None = None,
    force: bool = False,
) -> Iterator[Run | Problem]:
    """Run jobs in the order given and yield what each gave, as they end.

    Args:
        store: Where runs are kept.
        jobs: What to run.
        processes: What runs them; ended with the last.
        workers: Processes side by side; as many as this process may use processors if left out.
        force: Run a job even if another build has just done so.
    """
    workers = workers or len(os.sched_getaffinity(0))
    with _progress(len(jobs)) as show, ThreadPoolExecutor(workers) as pool:
        waiting: set[Future[Run | Problem]] = set()

        def work(job: Job) -> Run | Problem:
            with show(job.snippet.id), _alone(store, job.snippet):
                # Another build may have run it while this one waited.
                found = None if force else store.load(job.snippet)
                return found or execute(store, job, processes)

        try:
            waiting = {pool.submit(work, job) for job in jobs}
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        except BaseException:  # Ctrl-C, or the caller gave up: what is done stays done
            for future in waiting:
                future.cancel()
            raise
        finally:
            processes.end()


@contextlib.contextmanager
def _alone(store: Store, snippet: Snippet) -> Iterator[None]:
    """Keep a second build from running the same snippet at the same time."""
    path = store.folder / snippet.id / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def execute(store: Store, job: Job, processes: Children | None = None) -> Run | Problem:
    """Run one snippet in a new process and store what it gave."""
    snippet = job.snippet
    settings, versions_of = environment.settings(), environment.distributions
    with tempfile.TemporaryDirectory(prefix="explainer-run-") as folder:
        # On the store's own file system, so that arrays can be moved in one step.
        store.folder.mkdir(parents=True, exist_ok=True)
        out = Path(tempfile.mkdtemp(prefix=".tmp-", dir=store.folder))
        try:
            failure = _run_child(job, Path(folder), out, processes or children.Spawned(store.root))
            if failure is not None:
                return failure
            record: dict[str, Any] = json.loads((out / "record.json").read_text(encoding="utf-8"))
            if (refused := _refuse(job, record)) is not None:
                return refused
            record["versions"] = versions_of(record.pop("modules"))
            record["settings"] = settings
            kind = record["device"]["kind"]
            where = environment.processor() if kind == "cpu" else kind
            record["where"] = f"{record['device']['platform']} · {where}"
            if "jax" in record["versions"]:
                environment.remember(store.root, record["device"])
            record["finished"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            arrays = out / "arrays.npz"
            return store.save(snippet, record, arrays if arrays.exists() else None)
        finally:
            shutil.rmtree(out, ignore_errors=True)


def _run_child(job: Job, cwd: Path, out: Path, processes: Children) -> Problem | None:
    snippet = job.snippet
    task = {
        "path": str(snippet.path),
        "text": snippet.text,
        "cells": [[cell.name, cell.start, cell.end] for cell in snippet.cells],
        "out": str(out),
    }
    (out / "job.json").write_text(json.dumps(task), encoding="utf-8")
    log, limit = out / "log", snippet.timeout_seconds
    log.touch()
    try:
        code = processes.run(out / "job.json", cwd=cwd, log=log, timeout_seconds=limit)
    except TimeoutError:
        return job.problem(
            _line_of(snippet, "# timeout:") or 1,
            f"snippet {snippet.id} ran longer than {limit:g} s and was ended",
            "make it faster, or state its limit before the first cell: `# timeout: 300`",
        )
    if code == 0 and (out / "record.json").exists():
        return None
    tail = log.read_text(encoding="utf-8", errors="replace")[-600:].strip()
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return job.problem(
        0,
        f"snippet {snippet.id} ended with {how}" + (f": {tail}" if tail else ""),
        f"run it by hand: python {job.shown}",
    )


def _refuse(job: Job, record: dict[str, Any]) -> Problem | None:
    """Refuse a run that raised, or left JAX's global settings changed."""
    if error := record.pop("error"):
        return job.problem(
            error["line"],
            f"snippet {job.snippet.id} raised {error['summary']}",
            "mend the snippet, or the library code that it calls:\n"
            + "".join(f"    {line}" for f in error["frames"] for line in f.splitlines(True)),
        )
    if changes := record.pop("config_changes"):
        return job.problem(
            _line_of(job.snippet, "jax.config") or _line_of(job.snippet, "config.update"),
            f"snippet {job.snippet.id} leaves a global JAX setting changed: {'; '.join(changes)}",
            "use a context manager, `with jax.enable_x64(True):`, so that the setting ends with it",
        )
    return None


def _line_of(snippet: Snippet, text: str) -> int:
    lines = snippet.text.splitlines()
    return next((n for n, line in enumerate(lines, start=1) if text in line), 0)


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Show a bar with a line per running snippet; plain lines where there is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines(console, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        whole = bar.add_task("snippets", total=total)

        @contextlib.contextmanager
        def show(name: str) -> Iterator[None]:
            task = bar.add_task(f"  {name}", total=1)
            try:
                yield
            finally:
                bar.remove_task(task)
                bar.advance(whole)

        yield show


def _plain_lines(console: Console, total: int) -> Any:
    left = [total]
    lock = threading.Lock()

    @contextlib.contextmanager
    def show(name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        with lock:
            left[0] -= 1
            seconds = time.perf_counter() - started
            console.print(f"ran {name} in {seconds:.1f} s, {left[0]} left", highlight=False)

    return show
