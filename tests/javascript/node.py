"""Node, which runs the site's scripts outside a browser, and the checker of their types.

`make test` calls install.sh: it takes the machine's own Node, or that of requirements-node.lock.
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
OLDEST = 20
INSTALL = "bash tests/javascript/install.sh"


@functools.cache
def find() -> str | None:
    """Return the path of the first Node that is new enough."""
    beside = shutil.which("node", path=str(Path(sys.executable).parent))
    for path in (shutil.which("node"), beside):
        if path is not None:
            said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            version = re.match(r"v(\d+)", said)
            if version and int(version[1]) >= OLDEST:
                return path
    return None


def checker() -> Path | None:
    """Return the path of TypeScript's compiler, if it is installed."""
    path = ROOT / "node_modules" / ".bin" / "tsc"
    return path if find() is not None and path.exists() else None


def left_out(asked: list[str], start: Path) -> Iterator[str]:
    """Yield a line for what a run of the tests leaves out here.

    Args:
        asked: Files and folders that pytest was asked for.
        start: Folder that they are counted from.
    """
    asked_paths = [(start / one.split("::")[0]).resolve() for one in asked]
    if any(path.is_relative_to(FOLDER) or FOLDER.is_relative_to(path) for path in asked_paths):
        if find() is None:
            yield (
                f"left out: tests/javascript; there is no Node {OLDEST} or newer here. "
                f"To get it: {INSTALL}"
            )
        elif checker() is None:
            yield f"left out: the types of the site's scripts. To get their checker: {INSTALL}"
