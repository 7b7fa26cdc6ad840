"""Timing a Python process of its own, start included."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """What one process took, and what it wrote to standard error."""

    wall_seconds: float
    cpu_seconds: float
    stderr: str


def timed(script: str, *arguments: str) -> Timing:
    """Run a Python script and time it.

    Args:
        script: Source of the script.
        arguments: What it finds in `sys.argv[1:]`.

    Returns:
        Wall time, and processor time, which other work on the machine disturbs less.

    Raises:
        subprocess.CalledProcessError: If the process fails.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    wall_seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timing(wall_seconds, cpu_seconds, done.stderr)


def best(timings: Iterable[Timing]) -> str:
    """Return the least wall time and the least processor time, as a table shows them."""
    runs = list(timings)
    wall, cpu = min(run.wall_seconds for run in runs), min(run.cpu_seconds for run in runs)
    return f"{wall:.2f} s ({cpu:.2f} s of CPU)"
