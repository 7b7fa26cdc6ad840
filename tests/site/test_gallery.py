"""The gallery lists every snippet with the pages that explain it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html import unescape
from pathlib import Path

import pytest

from explainer.site import collected, gallery, imports, snippets
from explainer.site.runs import Run
from tests.site.tiny import Tiny

RUN = Run(
    id="index/line",
    key="k",
    outputs={},
    seconds=1.234,
    cpu_seconds=1.0,
    device="cpu · Test <processor>",
    versions={"numpy": "2.0"},
    finished="2026-11-22T02:00:00Z",
    imports=(),
    stored={},
)
FENCE = "## All {#all}\n\n```gallery\n```"


@pytest.fixture
def several(tiny: Tiny) -> Tiny:
    """A second chapter, with a snippet that the home page quotes too."""
    tiny.write(
        "snippets/curves/bow.py",
        '"""A bow & its <height>."""\n\n# %% bend\nimport math\nimport numpy as np\n'
        "from explainer import facts\nheight = 2\n",
    )
    tiny.write("tests/snippets/curves/test_bow.py", '"""Checks."""\n')
    for language, title in (("en", "Bows & arrows"), ("zh", "弓与箭")):
        tiny.write(f"docs/{language}/curves/bows.md", f"# {title}\n\n{{{{ bow.height }}}}\n")
    tiny.page("{{ curves.bow.height }}")
    for file in ("mkdocs.yml", "mkdocs.en.yml"):
        tiny.write(file, tiny.read(file) + "  - Curves:\n      - curves/bows.md\n")
    return tiny


@pytest.mark.parametrize("language", ["zh", "en"])
def test_entries_name_their_pages_in_reading_order(several: Tiny, language: str) -> None:
    """Snippets come as their pages are read; a page of the own chapter before others."""
    order = ["index.md", "curves/bows.md"]
    home, bow = gallery.collect(several.root, language, order)
    assert (home.snippet.id, bow.snippet.id) == ("index/line", "curves/bow")
    assert [page.name for page in bow.pages] == ["curves/bows.md", "index.md"]
    assert all(page.language == language for page in bow.pages)
    assert (home.has_test, bow.has_test) == (False, True)
    backwards = gallery.collect(several.root, language, order[::-1])
    assert [entry.snippet.id for entry in backwards] == ["curves/bow", "index/line"]


def test_an_entry_says_what_a_reader_needs(several: Tiny) -> None:
    """Name, first line, pages, downloads, imports, time and device stand in well-formed HTML."""
    entries = gallery.collect(several.root, "en", ["index.md", "curves/bows.md"])
    html = gallery.render(
        entries, "en", titles={"curves": "Curves & co"}, base="../", runs={RUN.id: RUN}
    )
    root = ElementTree.fromstring(html)
    assert [h.text for h in root.findall("h3")] == ["A line", "Curves & co"]
    line, bow = root.findall(".//li")
    said = "".join(bow.itertext())
    assert "bow.py A bow & its <height>" in said
    assert "uses numpy, explainer.facts" in said
    assert [a.get("href") for a in bow.findall(".//a")] == [
        "../curves/bows/",
        "../",
        "../snippets/curves/bow.py",
        "../tests/snippets/curves/test_bow.py",
    ]
    time = line.find(".//time")
    assert time is not None
    assert (time.text, time.get("datetime")) == ("1.23\u202fs", "PT1.23S")
    assert time.get("data-kind") == "measured"  # so that two builds are the same but for it
    assert "Test <processor>" in "".join(root.itertext())
    assert "../snippets/index/line.ipynb" in html and "../snippets/curves/bow.ipynb" not in html


def test_both_languages_have_the_same_words() -> None:
    """No word is lacking in a language, and a site without snippets says so."""
    assert gallery._WORDS["zh"].keys() == gallery._WORDS["en"].keys()
    for language in ("zh", "en"):
        html = gallery.render([], language, titles={}, base="", runs={})
        assert gallery._WORDS[language]["none"] in html


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("import os, sys", ()),
        ("import numpy as np\nimport numpy.linalg", ("numpy",)),
        ("from explainer.checkpoints import read", ("explainer.checkpoints",)),
        ("from explainer import gpt, memory", ("explainer.gpt", "explainer.memory")),
        ("def f():\n    import optax\n", ("optax",)),
    ],
)
def test_needs_leaves_out_the_standard_library(code: str, wanted: tuple[str, ...]) -> None:
    """What a reader has to install is named once, wherever it is imported."""
    path = Path("a.py")
    snippet = snippets.parse(f"# %% a\n{code}\n", path=path, shown="a.py", id="a/b")
    assert imports.needs(snippet) == wanted


@pytest.mark.site
def test_every_link_of_the_gallery_leads_to_a_file(several: Tiny) -> None:
    """Built by the real plugin, both languages list all snippets, and each link has its file."""
    several.page(FENCE)
    site = several.build()
    for folder in (site, site / "en"):
        html = (folder / "index.html").read_text(encoding="utf-8")
        inner = html.split('<div class="gallery"')[1].split("</div>")[0]
        links = [unescape(href) for href in re.findall(r'href="([^"]+)"', inner)]
        assert sum(link.endswith(".ipynb") for link in links) == 2
        for link in links:
            target = folder / link
            assert (target / "index.html" if target.is_dir() else target).is_file(), link


def test_a_place_is_filled_only_where_it_stands() -> None:
    """What writes a place is not called for pages without it."""
    asked: list[str] = []

    def write(base: str) -> str:
        asked.append(base)
        return "x"

    writers = dict.fromkeys(collected.PLACES, write)
    assert collected.fill("<p>no place</p>", writers, base="../") == "<p>no place</p>"
    assert asked == []
    twice = collected.place("gallery", "en") + collected.place("ledger", "zh")
    assert collected.fill(twice, writers, base="../") == "xx"
    assert asked == ["../", "../"]
