"""Run a program beside ours in the environment of what we compare against: `make rivals`.

That environment is apart from the project's own: what a reader installs does not hold PyTorch.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VENV = Path(__file__).parent.parent / ".venv-rivals"
MISSING = "left out: make rivals"  # what a row says where `python()` is None
_ONE_CORE = "import os as _os; _os.sched_setaffinity(0, {min(_os.sched_getaffinity(0))})\n"


@dataclass(frozen=True)
class Ran:
    """What one process printed, and what it took from start to end.

    Args:
        stdout: What it printed.
        wall_seconds: Time by the clock.
        cpu_seconds: User and system time, of its own children too.
    """

    stdout: str
    wall_seconds: float
    cpu_seconds: float

    def json(self) -> Any:
        """Return the last line that was printed, read as JSON."""
        return json.loads(self.stdout.strip().splitlines()[-1])


def python() -> Path | None:
    """Return the interpreter that has the rivals, or None where `make rivals` has not run."""
    found = VENV / "bin" / "python"
    return found if found.exists() and (VENV / ".ready").exists() else None


def run(
    program: str,
    *arguments: str,
    interpreter: Path | None = None,
    one_core: bool = False,
    env: Mapping[str, str] | None = None,
    timeout_seconds: float = 600,
) -> Ran:
    """Run a Python program in a fresh process and time the whole of it.

    Args:
        program: Its source.
        arguments: What it finds in `sys.argv[1:]`.
        interpreter: Whose packages it sees: `python()` for the rivals, ours if left out.
        one_core: Whether it is kept to one core, so that CPU seconds are not spent on waiting.
        env: Variables set on top of this process's.
        timeout_seconds: When it is ended.

    Returns:
        What it printed and took. Runs must not overlap: the time is that of all children ended
        meanwhile.

    Raises:
        RuntimeError: If the program fails; the end of its standard error is the message.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [str(interpreter or sys.executable), "-c", _ONE_CORE * one_core + program, *arguments],
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
    )
    wall_seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"the program ended with {done.returncode}: {done.stderr[-2000:]}")
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(done.stdout, wall_seconds, cpu_seconds)
