"""What a reader's browser is sent for a widget."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import explainer.site

ASSETS = Path(explainer.site.__file__).parent / "theme" / "assets"
SCRIPTS = sorted([*ASSETS.glob("widgets/*.js"), *ASSETS.glob("compute/*.js")])
MOST_BYTES = 6_000


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_scripts_are_small(path: Path) -> None:
    """A widget's own script, and what it computes with, take at most 6 KB each, compressed."""
    assert len(gzip.compress(path.read_bytes(), compresslevel=6)) <= MOST_BYTES
