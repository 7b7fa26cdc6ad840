"""Work beside this process, in a fork of it where that is safe, and otherwise after it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Protocol

from mkdocs.exceptions import Abort


class Work(Protocol):
    """Something to be done by the time it is joined."""

    def join(self) -> None:
        """Wait until it is done.

        Raises:
            Abort: If it failed, with its message.
        """

    def end(self) -> None:
        """Leave it as it stands."""


def start(work: Callable[[], None]) -> Work:
    """Start work beside this process, or leave it for the join.

    Elsewhere than on Linux system libraries may not survive a fork, and nowhere does a lock that
    another thread holds: a server rebuilds with its watchers running, and JAX, which no build
    loads, has threads that Python does not count.

    Args:
        work: What to do. What it changes in memory is lost.
    """
    is_alone = threading.active_count() == 1 and "jax" not in sys.modules
    is_safe = sys.platform == "linux" and is_alone
    return Forked(work) if is_safe and len(os.sched_getaffinity(0)) > 1 else Later(work)


class Later:
    """Work that is done when it is joined."""

    def __init__(self, work: Callable[[], None]) -> None:
        """Keep what is to be done."""
        self._work = work

    def join(self) -> None:
        """See `Work`."""
        self._work()

    def end(self) -> None:
        """See `Work`."""


class Forked:
    """Work in a fork of this process, which ends with it."""

    def __init__(self, work: Callable[[], None]) -> None:
        """Start the work."""
        context = multiprocessing.get_context("fork")
        self._answer, answer = context.Pipe(duplex=False)
        self._process = context.Process(target=_do, args=(work, answer), daemon=True)
        gc.freeze()  # or collecting would copy what both share
        self._process.start()
        gc.unfreeze()
        answer.close()

    def join(self) -> None:
        """See `Work`."""
        try:
            message = self._answer.recv()
        except EOFError:
            message = "a process of the build was ended from outside"
        self._process.join()
        if message:
            raise Abort(message)

    def end(self) -> None:
        """See `Work`."""
        self._process.kill()
        self._process.join()


def _do(work: Callable[[], None], answer: Connection) -> None:
    try:
        work()
    except Abort as error:
        answer.send(error.message)
    except Exception:
        answer.send(traceback.format_exc())
    except KeyboardInterrupt:  # its parent, which has it too, says so
        pass
    else:
        answer.send("")
