"""Node, which runs the site's scripts outside a browser, and what checks scripts and pages.

`make test` calls install.sh: it takes the machine's own Node, or that of requirements-node.lock.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
OLDEST = 20
INSTALL = "bash tests/javascript/install.sh"
# Programs of node_modules: whose tests need them, and what is left out without.
TOOLS = {
    "tsc": (FOLDER, "the types of the site's scripts"),
    "html-validate": (ROOT / "tests" / "browser", "whether the pages are valid HTML"),
    "lighthouse": (ROOT / "tests" / "browser", "Lighthouse's judgement of six pages"),
}


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


def tool(name: str) -> Path | None:
    """Return the path of a program of node_modules, if it is installed and there is a Node."""
    path = ROOT / "node_modules" / ".bin" / name
    return path if find() is not None and path.exists() else None


def checker() -> Path | None:
    """Return the path of TypeScript's compiler, if it is installed."""
    return tool("tsc")


def run(program: Path, *options: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a program of node_modules with the Node that was found."""
    beside = Path(str(find())).parent
    environment = os.environ | {"PATH": f"{beside}:{os.environ['PATH']}"} | more.pop("env", {})
    return subprocess.run(
        [str(program), *options], env=environment, capture_output=True, text=True, **more
    )


def left_out(asked: list[str], start: Path) -> Iterator[str]:
    """Yield a line for what a run of the tests leaves out here.

    Args:
        asked: Files and folders that pytest was asked for.
        start: Folder that they are counted from.
    """
    asked_paths = [(start / one.split("::")[0]).resolve() for one in asked]

    def concerns(folder: Path) -> bool:
        return any(p.is_relative_to(folder) or folder.is_relative_to(p) for p in asked_paths)

    if find() is None and concerns(FOLDER):
        yield (
            f"left out: tests/javascript; there is no Node {OLDEST} or newer here. "
            f"To get it: {INSTALL}"
        )
    for name, (folder, what) in TOOLS.items():
        if tool(name) is None and concerns(folder):
            yield f"left out: {what}. To get {name}: {INSTALL}"
