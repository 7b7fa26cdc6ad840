"""The site's scripts are typed: every JSDoc type is checked, strictly."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.javascript import node


@pytest.mark.skipif(node.checker() is None, reason="no type checker, see the summary")
def test_scripts_are_typed() -> None:
    """TypeScript finds nothing in the theme's scripts and in the checks of them."""
    beside = os.path.dirname(str(node.find()))
    done = subprocess.run(
        [str(node.checker()), "--project", str(node.ROOT)],
        env=os.environ | {"PATH": f"{beside}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
