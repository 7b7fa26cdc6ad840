"""How long the workbooks take to write, as whole processes, and how large they are.

Run: `python -m benchmarks spreadsheet`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.processes import best, timed

ROUNDS = 3

_NANOGPT = """
import sys
from explainer.gpt import trained_gpt
from explainer.spreadsheet import write_nanogpt
write_nanogpt(sys.argv[1], trained_gpt())
"""
_TINY = """
import sys
from explainer.spreadsheet import write_tiny
write_tiny(sys.argv[1])
"""


def rows() -> list[tuple[str, str, str]]:
    """Return name, measurement and target of each figure."""
    found: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, script, seconds, megabytes in (
            ("nanogpt.xlsx", _NANOGPT, "< 5 s", 1.5),
            ("tiny.xlsx", _TINY, "", 0.5),
        ):
            path = Path(folder) / name
            runs = [timed(script, str(path)) for _ in range(ROUNDS)]
            size = path.stat().st_size
            found.append((f"write {name} (process, start included)", best(runs), seconds))
            found.append((f"size of {name}", f"{size / 1e6:.2f} MB", f"< {megabytes} MB"))
    return found
