"""A published site is safe, is listed for its worker, and can be taken home."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import zipfile
from base64 import b64encode
from html import unescape
from pathlib import Path

import pytest
from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Comment, String

from explainer.site import publishing, sheets
from tests.site.tiny import Tiny

pytestmark = pytest.mark.site


def test_the_policy_allows_each_inline_script_and_no_other(tiny: Tiny) -> None:
    """Each page allows the scripts that stand in it, right after its character set."""
    site = tiny.build()
    policies = set()
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        found = re.search(
            r'<meta charset="utf-8"><meta http-equiv="[^"]*" content="([^"]*)">', html
        )
        assert found, path
        policies.add(unescape(found[1]))
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
            if body and "application/json" not in attributes:
                digest = b64encode(hashlib.sha256(body.encode()).digest()).decode()
                assert f"'sha256-{digest}'" in unescape(found[1])
    (one,) = policies
    assert "unsafe-inline" not in one.replace("style-src-attr 'unsafe-inline'", "")
    assert "unsafe-eval" not in one and "http" not in one


def test_the_worker_lists_what_is_there(tiny: Tiny) -> None:
    """Pages stand in the list of their language; the worker's bytes change with any file."""
    site = tiny.build()
    kept = json.loads((site / "offline.json").read_text(encoding="utf-8"))
    assert set(kept) == {"shared", "zh", "en"}
    paths = {name: [path for path, _ in kept[name]] for name in kept}
    assert "" in paths["zh"] and "en/" in paths["en"]
    assert "assets/site.css" in paths["shared"] and "llms-computed.zip" not in str(kept)
    for path in itertools.chain(*paths.values()):
        assert (site / path).exists()
    assert not (site / "en/sw.js").exists()
    before = (site / "sw.js").read_text(encoding="utf-8")
    tiny.page("One sentence more.", "多一句话。")
    assert (tiny.build() / "sw.js").read_text(encoding="utf-8") != before


def test_scripts_lose_their_comments_and_nothing_else(tiny: Tiny) -> None:
    """Every other token of ours is there, as Pygments reads them; Material's stay as they are."""
    assets = tiny.build() / "en" / "assets"
    sources = Path(publishing.__file__).parent / "theme" / "assets"
    for source in sources.rglob("*.js"):
        text = (assets / source.relative_to(sources)).read_text(encoding="utf-8")
        assert "/**" not in text and "\n//" not in text
        assert _tokens(text) == _tokens(source.read_text(encoding="utf-8")), source
    assert "Copyright" in "".join(p.read_text("utf-8") for p in assets.glob("javascripts/*.js"))


def _tokens(script: str) -> list[str]:
    """Return the tokens of a script but for comments and the space between them."""
    found: list[str] = []
    for kind, text in JavascriptLexer().get_tokens(script):
        if kind not in Comment and (kind in String or text.strip()):
            found += [text] if kind in String else text.split()
    return found


def test_the_archive_is_the_site(tiny: Tiny) -> None:
    """It holds every other file, its link stands at the foot, and two packings are equal bytes."""
    site = tiny.build()
    archive = site / publishing.ARCHIVE
    with zipfile.ZipFile(archive) as packed:
        names = {name.removeprefix("llms-computed/") for name in packed.namelist()}
        assert packed.read("llms-computed/en/index.html") == (site / "en/index.html").read_bytes()
    files = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert names == (files - {publishing.ARCHIVE}) | {"README.txt"}
    assert f'href="../{publishing.ARCHIVE}"' in (site / "en/index.html").read_text(encoding="utf-8")
    first = archive.read_bytes()
    assert (tiny.build() / publishing.ARCHIVE).read_bytes() == first


def test_styles_come_as_one_sheet(tiny: Tiny) -> None:
    """Every page asks for one sheet: what it can use of the theme's own, in their order."""
    site = tiny.build()
    theme = Path(sheets.__file__).parent / "theme"
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        asked = re.findall(r'<link rel="stylesheet" href="[^"]*/?assets/([^"/]+)\.css"', html)
        assert asked[0] == "site" and not set(asked) & set(sheets.SHEETS), path
    listed = re.search(r"for sheet in \[(.*?)\]", (theme / "main.html").read_text("utf-8"))
    assert listed and tuple(re.findall(r'"(\w+)"', listed[1])) == sheets.SHEETS
    parts = [(theme / f"assets/{name}.css").read_text("utf-8") for name in sheets.SHEETS]
    for folder in ("", "en/"):
        joined = (site / folder / "assets/site.css").read_text("utf-8")
        assert "/*" not in joined
        left = iter(_rules("".join(parts)))
        for selectors, body in (found := _rules(joined)):
            assert any(selectors <= all and body == same for all, same in left), selectors
        assert len(found) > 100
        assert not (site / folder / "assets/charts.css").exists()


def _rules(text: str) -> list[tuple[set[str], str]]:
    """Return selectors and declarations of each rule, those within conditions too."""
    rules = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"(?s)/\*.*?\*/", "", text)):
        tidy = " ".join(body.split()).removesuffix(";").rstrip()
        # Custom properties that nothing asks for are left out as well.
        kept = [one for one in tidy.split("; ") if not one.startswith("--")]
        names = re.split(r",(?![^(]*\))", selectors.rpartition(";")[2])
        rules.append(({" ".join(name.split()) for name in names}, "; ".join(kept)))
    return rules
