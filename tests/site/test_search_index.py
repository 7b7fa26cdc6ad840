"""The search index is sent as light as its words allow."""

from __future__ import annotations

import json
from pathlib import Path

from explainer.site import search


def test_a_compact_index_says_the_same(tmp_path: Path) -> None:
    """Read back, the index is what it was; its Chinese stands unescaped; a missing file is none."""
    index = {"docs": [{"text": "量化 “4 bits”", "title": "\u200b精度"}], "config": {"lang": ["en"]}}
    path = tmp_path / "search_index.json"
    path.write_text(json.dumps(index), encoding="utf-8")
    before = path.stat().st_size
    search.compact(path)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == index
    assert "量化" in text and path.stat().st_size < before
    search.compact(tmp_path / "none.json")
    assert not (tmp_path / "none.json").exists()
