"""Which Chromium drives the tests, and what is said where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A page under test is the only thing that may reach for the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


def find() -> str | None:
    """Return the path of the first Chromium there is."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def left_out(asked: list[str], start: Path) -> Iterator[str]:
    """Yield a line for what a run of the tests leaves out here.

    Args:
        asked: Files and folders that pytest was asked for.
        start: Folder that they are counted from.
    """
    asked_paths = [(start / one.split("::")[0]).resolve() for one in asked]
    if find() is None and any(
        path.is_relative_to(FOLDER) or FOLDER.is_relative_to(path) for path in asked_paths
    ):
        yield (
            "left out: tests/browser, which drives a real browser; no Chromium is installed here. "
            "To get it: sudo apt-get install chromium fonts-noto-cjk"
        )
