"""What the build refuses: a place, what is wrong there, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.exceptions import Abort


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


def refused(problems: Sequence[Problem]) -> Abort:
    """Return the error that ends a build: every problem with its place and its fix."""
    from mkdocs.exceptions import Abort  # here, as snippets' processes read this module too

    listed = "\n\n".join(str(problem) for problem in problems)
    count = len(problems)
    return Abort(
        f"\n{listed}\n\n{count} problem{'s' if count > 1 else ''}; the site was not built."
    )
