"""What the tests of the site share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site.tiny import Tiny


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """A project of one page in a folder of its own."""
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    return Tiny(tmp_path)
