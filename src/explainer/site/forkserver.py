"""Run snippets as forks of one process that has loaded JAX already: its import costs a second.

Called by `children` as `python -P -m explainer.site.forkserver [preload]`. A line on standard
input asks for a snippet, `{"id", "job", "cwd", "log"}`, or for its end, `{"end": id}`; a line on
standard output says how one ended, `{"id", "code"}`, negative for a signal; the first says
`{"ready"}`. When the input closes, all are ended.

The parent has neither started JAX's backend, whose threads a fork would lose, nor imported any of
the library's modules, which a run's key follows one by one.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
import warnings
from typing import Any, NoReturn

from explainer.site import child
from explainer.site.preloading import Imports

# What most snippets import, and what is slow to; a snippet that needs less is recorded with less.
PRELOADED = ("jax", "jax.numpy", "jaxtyping", "optax", "sklearn.datasets", "ml_dtypes")


class _Server:
    def __init__(self, imports: Imports) -> None:
        self._imports = imports
        self._alive: dict[int, int] = {}  # process -> id of its snippet
        self._replies = os.dup(1)
        os.dup2(2, 1)
        self._woken, waker = socket.socketpair()
        for end in (self._woken, waker):
            end.setblocking(False)
        self._waker = waker
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno())

    def serve(self) -> None:
        """Serve until the input closes."""
        self._reply({"ready": True})
        buffer = b""
        with selectors.DefaultSelector() as selector:
            selector.register(0, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if self._woken.fileno() in ready:
                    self._woken.recv(1 << 12)
                    self._reap()
                if 0 in ready:
                    if not (data := os.read(0, 1 << 16)):
                        break
                    *lines, buffer = (buffer + data).split(b"\n")
                    for line in lines:
                        self._do(json.loads(line))
        for pid in self._alive:
            _kill_group(pid)

    def _do(self, asked: dict[str, Any]) -> None:
        if "end" in asked:
            for pid in [p for p, id in self._alive.items() if id == asked["end"]]:
                _kill_group(pid)
            return
        with warnings.catch_warnings():  # Python counts OpenBLAS's threads, which survive a fork
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        with contextlib.suppress(OSError):  # set by both: whichever comes first
            os.setpgid(pid, pid)
        if pid == 0:
            self._become(asked)
        self._alive[pid] = asked["id"]

    def _become(self, asked: dict[str, Any]) -> NoReturn:
        """Turn this fork into the process of one snippet."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number in (self._replies, self._woken.fileno(), self._waker.fileno()):
                os.close(number)
            log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND)
            nothing = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((nothing, 0), (log, 1), (log, 2)):
                os.dup2(source, target)
            os.chdir(asked["cwd"])
            if numpy := sys.modules.get("numpy"):
                numpy.random.seed()  # forks would all begin with the parent's
            child.main(asked["job"], self._imports)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        """Say which snippets have ended, and end what they left behind."""
        for pid in list(self._alive):
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                continue
            _kill_group(pid)  # before it is reaped, while its number is still its own
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            self._reply({"id": self._alive.pop(pid), "code": code})

    def _reply(self, reply: dict[str, Any]) -> None:
        os.write(self._replies, json.dumps(reply).encode() + b"\n")


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Load what snippets share, then serve."""
    imports = Imports()
    imports.watch()
    # Beside the installed packages, as ever: our own place for byte code is for src/ alone.
    place, sys.pycache_prefix = sys.pycache_prefix, None
    imports.preload(PRELOADED if "preload" in sys.argv[1:] else ())
    sys.pycache_prefix = place
    gc.freeze()  # so that a fork's collector does not touch, and copy, what is shared
    _Server(imports).serve()


if __name__ == "__main__":
    main()
