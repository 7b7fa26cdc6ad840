"""What rendering gave is kept under all that it came from, and not for ever."""

from __future__ import annotations

import os
import time
from pathlib import Path

from explainer.site import cells, kept

CODE, TABS = "width = 3\nprint(width)", ("Code", "Output")


def never() -> str:
    """Fail: nothing was to be made."""
    raise AssertionError("it was made again")


def test_the_same_parts_are_made_once(tmp_path: Path) -> None:
    """What is made for some parts is found again for the same, and made anew for others."""
    assert kept.kept(tmp_path / "a", ["x", "1"], lambda: {"text": "宽"}) == {"text": "宽"}
    assert kept.kept(tmp_path / "a", ["x", "1"], never) == {"text": "宽"}
    assert kept.kept(tmp_path / "a", ["x1"], lambda: "other") == "other"
    assert kept.kept(tmp_path / "a", ["x", "2"], lambda: "other") == "other"


def test_what_was_cut_short_is_made_again(tmp_path: Path) -> None:
    """A file that holds half an answer counts as none."""
    kept.kept(tmp_path, ["x"], lambda: ["whole"])
    (path,) = tmp_path.glob("*.json")
    path.write_text('["who', encoding="utf-8")
    assert kept.kept(tmp_path, ["x"], lambda: ["whole"]) == ["whole"]


def test_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    """After a month without use it is removed; use keeps it."""
    old = time.time() - 29 * 86_400
    for part in ("used", "unused"):
        kept.kept(tmp_path / "cells", [part], lambda: "made")
    for path in tmp_path.rglob("*.json"):
        os.utime(path, (old, old))
    kept.kept(tmp_path / "cells", ["used"], never)
    for path in tmp_path.rglob("*.json"):
        if path.stat().st_mtime < old + 1:
            os.utime(path, (old - 2 * 86_400, old - 2 * 86_400))
    kept.forget(tmp_path)
    assert len(list(tmp_path.rglob("*.json"))) == 1
    assert kept.kept(tmp_path / "cells", ["used"], never) == "made"


def test_code_is_part_of_the_key(tmp_path: Path) -> None:
    """Another file of ours, or another version of a package, makes another key."""
    path = tmp_path / "renderer.py"
    path.write_text("first")
    before = kept.made_by(path, packages=["markdown"])
    path.write_text("second")
    assert kept.made_by(path, packages=["markdown"]) != before
    assert any(part.startswith("markdown 3") for part in before)


def test_languages_share_a_cell_unless_it_has_tabs(tmp_path: Path) -> None:
    """The names of the tabs part the languages only where tabs are shown."""

    def shown(tabs: tuple[str, str], location: str) -> str:
        where = {"title": "", "location": location, "lines": ""}
        return cells.render(tmp_path, CODE, "3\n", id="code-a", tabs=tabs, **where)

    above = shown(TABS, "above")
    assert above == shown(("代码", "输出"), "above")
    assert len(list(tmp_path.rglob("*.json"))) == 1
    assert "代码" in shown(("代码", "输出"), "tabbed-left")
    assert "Output" in shown(TABS, "tabbed-left")
    assert "width" in above and "3" in above


def test_a_kept_cell_is_the_same(tmp_path: Path) -> None:
    """What an earlier build kept is what this one would render."""
    where = {"title": "a.py", "location": "above", "lines": "2"}
    first = cells.render(tmp_path, CODE, "3\n", id="code-b", tabs=TABS, **where)
    cells.render.cache_clear()
    assert cells.render(tmp_path, CODE, "3\n", id="code-b", tabs=TABS, **where) == first
    cells.render.cache_clear()
    assert cells.render(tmp_path / "new", CODE, "3\n", id="code-b", tabs=TABS, **where) == first
