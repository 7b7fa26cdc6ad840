"""The processes of snippets: forks of one that has loaded JAX, or each a new interpreter.

Forks are for Linux: elsewhere system libraries may not survive one. There, and for a single
snippet, each process is started anew; what a run gives is the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from explainer.site import environment

_MIN_FORKED = 3  # the server's own start is worth about two
_HEAVY = re.compile(r"^\s*(from|import) (jax|optax|sklearn|explainer)\b", re.MULTILINE)


class Children(Protocol):
    """The processes under way, so that all can be ended at once."""

    def run(self, job: Path, *, cwd: Path, log: Path, timeout_seconds: float) -> int:
        """Run a job in a process of its own and end all that it started.

        Args:
            job: The file that `child` reads.
            cwd: Its working directory.
            log: An existing file for what it writes outside of cells.
            timeout_seconds: Its limit.

        Returns:
            Its exit code, negative for a signal.

        Raises:
            TimeoutError: If it ran longer and was ended.
        """

    def end(self) -> None:
        """End all that run; none can be started afterwards."""


def start(root: Path, texts: Sequence[str], *, niceness: int = 0) -> Children:
    """Return what runs the snippets of a project at `root`, given their texts.

    Args:
        root: The project's root.
        texts: The snippets.
        niceness: How far forks stand back from other processes, as `nice` counts it.
    """
    if sys.platform == "linux" and len(texts) >= _MIN_FORKED:
        heavy = sum(bool(_HEAVY.search(text)) for text in texts) >= _MIN_FORKED
        return Forked(root, preload=heavy, niceness=niceness)
    return Spawned(root)


class Spawned:
    """Each process an interpreter of its own."""

    def __init__(self, root: Path) -> None:
        """Run the snippets of the project at `root`."""
        self._root = root
        self._alive: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._ended = False

    def run(self, job: Path, *, cwd: Path, log: Path, timeout_seconds: float) -> int:
        """See `Children`."""
        with log.open("ab") as output, self._lock:
            if self._ended:
                return -signal.SIGKILL
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "explainer.site.child", str(job)],
                cwd=cwd,
                env=environment.child_environment(self._root),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._alive.add(child)
        try:
            return child.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            _kill_group(child)
            child.wait()
            with self._lock:
                self._alive.discard(child)

    def end(self) -> None:
        """See `Children`."""
        with self._lock:
            self._ended = True
            for child in self._alive:
                _kill_group(child)


class Forked:
    """Each process a fork of one server, which is started with the first."""

    def __init__(self, root: Path, *, preload: bool = True, niceness: int = 0) -> None:
        """Run the snippets of the project at `root`; JAX is loaded first if `preload`."""
        self._server = subprocess.Popen(
            [sys.executable, "-P", "-m", "explainer.site.forkserver", *["preload"] * preload],
            cwd="/",
            env=environment.child_environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        os.setpriority(os.PRIO_PROCESS, self._server.pid, niceness)
        self._lock = threading.Lock()
        self._ids = iter(range(1 << 62))
        self._waiting: dict[int, queue.SimpleQueue[int | None]] = {}
        self._ready = threading.Event()  # or gone
        self._gone = False
        self._instead = Spawned(root)
        assert self._server.stdin is not None and self._server.stdout is not None
        self._requests, self._replies = self._server.stdin, self._server.stdout
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def run(self, job: Path, *, cwd: Path, log: Path, timeout_seconds: float) -> int:
        """See `Children`."""
        self._ready.wait()  # a limit does not count the server's start
        id = next(self._ids)
        answer: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        with self._lock:
            self._waiting[id] = answer
            gone = self._gone
        asked = {"id": id, "job": str(job), "cwd": str(cwd), "log": str(log)}
        code = None
        if not gone and self._ask(asked):
            try:
                code = answer.get(timeout=timeout_seconds)
            except queue.Empty:
                self._ask({"end": id})
                answer.get()
                raise TimeoutError from None
        if code is None:  # the server is gone, or never came up
            return self._instead.run(job, cwd=cwd, log=log, timeout_seconds=timeout_seconds)
        return code

    def end(self) -> None:
        """See `Children`."""
        self._instead.end()
        with self._lock, contextlib.suppress(OSError):
            self._requests.close()
        self._server.wait()
        self._listener.join()
        self._replies.close()

    def _ask(self, asked: dict[str, object]) -> bool:
        try:
            with self._lock:
                self._requests.write(json.dumps(asked).encode() + b"\n")
                self._requests.flush()
        except (OSError, ValueError):
            return False
        return True

    def _listen(self) -> None:
        """Hand each answer to the thread that waits for it; None to all when the server is gone."""
        for line in self._replies:
            answer = json.loads(line)
            if "ready" in answer:
                self._ready.set()
                continue
            with self._lock:
                waiting = self._waiting.pop(answer["id"])
            waiting.put(answer["code"])
        with self._lock:
            self._gone = True
            for waiting in self._waiting.values():
                waiting.put(None)
        self._ready.set()


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
