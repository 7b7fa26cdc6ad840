"""What the build refuses: a place, what is wrong there, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


# Not frozen: Python itself writes an exception's traceback.
@dataclass(unsafe_hash=True)
class Problem(Exception):  # noqa: N818 - a check returns problems before any is raised
    """One refusal.

    Args:
        path: File, relative to the project's root, `/` between folders.
        line: Line in that file, from 1; 0 where the file as a whole is meant.
        message: What is wrong, with the value.
        fix: What to write instead.
    """

    path: str
    line: int
    message: str
    fix: str

    def __str__(self) -> str:
        """Return `path:line: message` and, below it, the fix."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}\n  fix: {self.fix}"
