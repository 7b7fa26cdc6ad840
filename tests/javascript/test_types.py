"""The site's scripts are typed: every JSDoc type is checked, strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.javascript import node


@pytest.mark.skipif(node.checker() is None, reason="no type checker, see the summary")
def test_scripts_are_typed() -> None:
    """TypeScript finds nothing in the theme's scripts and in the checks of them."""
    done = node.run(Path(str(node.checker())), "--project", str(node.ROOT))
    assert done.returncode == 0, done.stdout + done.stderr
