"""The same pages build with Zensical, the named successor, from the same Markdown extension.

What is the MkDocs plugin's own is missing there: running stale snippets before the build, notebook
pages and downloads, the filled ledger and numbers.json, the second language in one command.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.tiny import Tiny

pytestmark = pytest.mark.site


def zensical(tiny: Tiny, config: str) -> subprocess.CompletedProcess[str]:
    """Build one language with Zensical."""
    command = [str(Path(sys.executable).parent / "zensical"), "build", "--clean", "--strict"]
    return subprocess.run(
        [*command, "-f", str(tiny.root / config)], capture_output=True, text=True, cwd=tiny.root
    )


def numbers(html: str) -> list[tuple[str, str, str]]:
    """Return expression, full value and text of each quoted number."""
    found = []
    for attributes, text in re.findall(r"<data ([^>]*)>([^<]*)</data>", html):
        values = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        found.append((values["data-expr"], values["value"], text))
    return found


def test_numbers_and_code_are_the_same(tiny: Tiny) -> None:
    """Under Zensical each page carries the numbers, tables and code that MkDocs gives it."""
    tiny.page(
        "```table\nid: sizes\nrows: line.layers\ncolumns:\n"
        "  point: \"{{ row['name']:term }}\"\n  share: \"{{ row['size'] }}\"\n```"
    )
    site = tiny.build()
    expected = {path: (site / path).read_text() for path in ("index.html", "en/index.html")}
    for config, path in (("mkdocs.yml", "index.html"), ("mkdocs.en.yml", "en/index.html")):
        done = zensical(tiny, config)
        assert done.returncode == 0, done.stdout + done.stderr
        html = (tiny.root / "site" / path).read_text()
        assert len(numbers(html)) == 3
        assert numbers(html) == numbers(expected[path])
        assert 'id="code-line-fit"' in html
        assert 'class="colophon"' in html


def test_refusal_ends_the_build_there_too(tiny: Tiny) -> None:
    """A guard that is false fails Zensical's build as well, with its place."""
    tiny.build()
    tiny.page("{{ assert line.slope > 3 }}")
    done = zensical(tiny, "mkdocs.en.yml")
    assert done.returncode != 0
    assert "docs/en/index.md:" in done.stdout + done.stderr
    assert "line.slope = 2.0" in done.stdout + done.stderr
