"""Every page is HTML as the standard has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.browser.visiting import LANGUAGES, Site
from tests.javascript import node

# html-validate's rules for what the standard says; those for taste are not among them.
RULES = {
    "root": True,
    "extends": ["html-validate:standard"],
    "rules": {
        # Material's two check boxes, the drawer's and the search's, ask Firefox not to remember
        # them over a reload, and say it with an attribute that is meant for text fields.
        "valid-autocomplete": "off",
    },
}
SLIP = "<!doctype html><html lang=en><title>A slip</title><p>One <div>two</div></p></html>"


def messages(files: Iterable[Path], folder: Path) -> list[str]:
    """Return what html-validate says of some files, the rules being kept in a folder."""
    config, found = folder / "rules.json", folder / "found.json"
    config.write_text(json.dumps(RULES), encoding="utf-8")
    program = node.tool("html-validate")
    assert program is not None
    options = ["--config", str(config), "--formatter", f"json={found}"]
    done = node.run(program, *options, *map(str, files))
    assert found.exists(), done.stderr
    return [
        f"{report['filePath']}:{one['line']}:{one['column']} {one['ruleId']}: {one['message']}"
        for report in json.loads(found.read_text(encoding="utf-8"))
        for one in report["messages"]
    ]


@pytest.fixture(autouse=True)
def _has_validator() -> None:
    if node.tool("html-validate") is None:
        pytest.skip(f"no html-validate; to get it: {node.INSTALL}")


def test_pages_are_valid(site: Site, tmp_path: Path) -> None:
    """All pages of both languages, and each notebook's page in one of them."""
    paths = [path for language in LANGUAGES for path in site.pages(language)]
    assert len(paths) > 80
    notebooks = zip(*(site.notebooks(language) for language in LANGUAGES), strict=True)
    paths += [both[i % len(LANGUAGES)] for i, both in enumerate(notebooks)]
    files = [site.folder / path / "index.html" for path in paths]
    files += [site.folder / prefix / "404.html" for prefix in LANGUAGES.values()]
    assert messages(files, tmp_path) == []


def test_a_slip_is_found(tmp_path: Path) -> None:
    """A block in a paragraph, which a browser would mend in silence, is refused."""
    page = tmp_path / "page.html"
    page.write_text(SLIP, encoding="utf-8")
    (message,) = messages([page], tmp_path)
    assert "close-order" in message
