"""The search index is sent as light as its words allow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import material  # type: ignore[import-untyped]
from material.plugins.search.config import SearchConfig  # type: ignore[import-untyped]
from material.plugins.search.plugin import SearchIndex  # type: ignore[import-untyped]

from explainer.site import search

PAGE = """<h1 id="top">T</h1><p>Read <svg role="img" data-search-exclude><text>hidden</text></svg>
this</p><pre><span>hidden</span> code</pre> <h2 id="a">kept</h2>
<figure class="chart" data-search-exclude ><pre>hidden</pre><p>hidden</p></figure> and
<figure class="chart"><p>kept</p></figure><table><thead><tr><th>kept</th></tr></thead>
<tbody data-search-exclude="true"><tr><td>hidden</td><td>hidden</td></tr></tbody></table>"""

GLOSSARY = """<h1 id="words">Words</h1><section><h3 id="terms-network">Network</h3><dl>
<div id="weight"><dt><dfn>weight</dfn> <span lang="zh-Hans">权重</span></dt><dd>It multiplies.</dd>
</div>
<div id="weight-decay"><dt><dfn>weight decay</dfn> <span lang="zh-Hans">权重衰减</span></dt>
<dd>It shrinks.</dd></div></dl></section><h2 id="after">After</h2><p>the end</p>"""


def test_a_compact_index_says_the_same(tmp_path: Path) -> None:
    """Read back, the index is what it was; its Chinese stands unescaped; a missing file is none."""
    index = {
        "docs": [{"location": "", "text": "量化 “4 bits”", "title": "\u200b精度"}],
        "config": {"lang": ["en"]},
    }
    path = tmp_path / "search_index.json"
    path.write_text(json.dumps(index), encoding="utf-8")
    before = path.stat().st_size
    search.compact(path)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == index
    assert "量化" in text and path.stat().st_size < before
    search.compact(tmp_path / "none.json")
    assert not (tmp_path / "none.json").exists()


def test_what_is_passed_over_was_not_in_the_index() -> None:
    """Material's index is the same, whether it reads what it leaves out or not."""
    from mkdocs.structure.toc import TableOfContents

    page = SimpleNamespace(
        meta={}, title="T", url="t/", toc=TableOfContents([]), content=search.prepared(PAGE)
    )
    config = SearchConfig()
    indexes = [SearchIndex(**config), SearchIndex(**config)]
    search.pass_over({"search": SimpleNamespace(search_index=indexes[1]), "other": object()})
    for index in indexes:
        index.add_entry_from_context(page)
    assert indexes[0].entries == indexes[1].entries
    shown = json.dumps(indexes[0].entries)
    assert "kept" in shown and "Read" in shown and "hidden" not in shown
    assert page.content == search.prepared(PAGE)
    assert len(search.emptied(page.content)) < len(page.content)
    assert "hidden" not in search.emptied(page.content)


def test_marks_stay_only_between_words(tmp_path: Path) -> None:
    """Beside punctuation a mark parts nothing; exercises and ways onward are left out."""
    docs = [
        {"location": "a/", "title": "甲", "text": "\u200b量化\u200b，\u200b四\u200b位\u200b"},
        {"location": "a/#next", "title": "接下来", "text": "乙"},
        {"location": "a/#try", "title": "动手", "text": "丙"},
        {"location": "a/#trying", "title": "丁", "text": "戊\u200b \u200b己"},
    ]
    path = tmp_path / "search_index.json"
    path.write_text(json.dumps({"docs": docs}), encoding="utf-8")
    search.compact(path)
    found = json.loads(path.read_text(encoding="utf-8"))["docs"]
    assert [(one["location"], one["text"]) for one in found] == [
        ("a/", "量化，四\u200b位"),
        ("a/#trying", "戊 己"),
    ]


def test_each_term_is_an_entry() -> None:
    """A term has its own address and name in the index; the shorter name counts for more."""
    from mkdocs.structure.toc import TableOfContents

    page = SimpleNamespace(
        meta={}, title="T", url="glossary/", toc=TableOfContents([]), content=GLOSSARY
    )
    index = SearchIndex(**SearchConfig())
    search.pass_over({"search": SimpleNamespace(search_index=index)})
    index.add_entry_from_context(page)
    entries = {one["location"]: one for one in index.entries}
    assert entries["glossary/#weight"]["title"] == "weight"
    assert "权重" in entries["glossary/#weight"]["text"].replace("\u200b", "")
    assert "It shrinks." in entries["glossary/#weight-decay"]["text"]
    assert "the end" in entries["glossary/#after"]["text"]
    boosts = [entries[f"glossary/#{id}"].get("boost", 1) for id in ("weight", "weight-decay")]
    assert boosts[0] > boosts[1] > entries["glossary/#after"].get("boost", 1) == 1
    assert page.content == GLOSSARY


def test_figures_of_tables_stay_out() -> None:
    """A table's words are in the index, its figures are not."""
    row = '<tr><th>width</th>\n<td class="number"><data value="1">0.5</data></td><td>FP16</td></tr>'
    said = re.sub("<[^>]*>", "", search.emptied(search.prepared(row)))
    assert said.split() == ["width", "FP16"]


def test_the_worker_has_what_is_mended() -> None:
    """The pinned release of Material has lunr's slip just once; mended, it is not mended again."""
    workers = Path(material.__file__).parent / "templates" / "assets" / "javascripts" / "workers"
    (path,) = workers.glob("search.*.js")
    script = path.read_text(encoding="utf-8")
    mended = search.mend(script)
    assert len(mended) == len(script) + len('+","')
    assert search.mend(mended) == mended
