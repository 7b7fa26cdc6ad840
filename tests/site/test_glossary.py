"""The glossary is complete in both languages, and pages name only terms that it has."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from explainer.site import glossary
from explainer.site.errors import Problem

GROUPS = '[groups]\nwords = { zh = "词", en = "Words" }\n'
TERM = """
[terms.loss]
group = "words"
zh = "损失"
en = "loss"
symbol = "L"
code = "loss"
page = "a.md"
anchor = "here"
definition.zh = "错得多 `厉害`。"
definition.en = "How <wrong>."
senses = [{ zh = "甲", en = "One" }]
"""


def project(root: Path, toml: str, **pages: str) -> Path:
    """Write a project with a glossary and pages `zh_a`, `en_a`."""
    for language in ("zh", "en"):
        (root / "docs" / language).mkdir(parents=True, exist_ok=True)
        text = pages.get(language, "# T {#t}\n\n## H {#here}\n")
        (root / "docs" / language / "a.md").write_text(text, encoding="utf-8")
    (root / "docs" / "glossary.toml").write_text(toml, encoding="utf-8")
    return root


def test_a_complete_glossary_has_no_problem(tmp_path: Path) -> None:
    """What is complete passes, and gives each name."""
    root = project(tmp_path, GROUPS + TERM)
    assert glossary.check(root) == []
    terms = glossary.load(root)
    assert (terms.term("loss", "zh"), terms.term("loss", "en")) == ("损失", "loss")
    assert terms.get("los") is None


def test_a_plural_is_its_term(tmp_path: Path) -> None:
    """A table may ask for the plural: another name in English, the same term and entry."""
    table = "```table\nid: t\nrows: a.b\ncolumns:\n  losses: x\n```\n"
    pages = dict.fromkeys(("zh", "en"), f"# T {{#t}}\n\n## H {{#here}}\n\n{table}")
    root = project(tmp_path, GROUPS + TERM.replace("symbol", 'plural = "losses"\nsymbol'), **pages)
    assert glossary.check(root) == []
    terms = glossary.load(root)
    assert (terms.term("losses", "zh"), terms.term("losses", "en")) == ("损失", "losses")
    assert "losses" not in terms.anchors()
    (problem, _) = glossary.check(project(root, GROUPS + TERM, **pages))
    assert "names a term that the glossary lacks: 'losses'" in problem.message


@pytest.mark.parametrize(
    ("before", "after", "said", "fix"),
    [
        ('zh = "损失"\n', "", "'loss' has no name in 'zh'", 'add `zh = "…"`'),
        ('definition.en = "How <wrong>."\n', "", "no definition in 'en'", "add `en"),
        (', en = "One" }', " }", "no sense 1 in 'en'", "add `en"),
        ('group = "words"', 'group = "other"', "no group ('other')", "groups are: words"),
        ("symbol =", "sign =", "unknown key `sign`", "symbol"),
        ('page = "a.md"', 'page = "b.md"', "not there: docs/zh/b.md", "mend `page`"),
        ('anchor = "here"', 'anchor = "there"', "docs/zh/a.md lacks: #there", "mend `anchor`"),
        ("symbol =", 'plural = "loss"\nsymbol =', "'loss' is taken: 'loss'", "leave `plural` out"),
        ("[terms.loss]", "[terms.Loss]", "'Loss' is not kebab-case", "lower-case"),
    ],
)
def test_an_incomplete_term_is_refused(
    tmp_path: Path, before: str, after: str, said: str, fix: str
) -> None:
    """What a term lacks is named, with the line of the term."""
    problem = glossary.check(project(tmp_path, GROUPS + TERM.replace(before, after)))[0]
    assert (problem.path, problem.line) == ("docs/glossary.toml", 4)
    assert said in problem.message
    assert fix in problem.fix


def test_two_terms_of_one_name_are_refused(tmp_path: Path) -> None:
    """Two terms with one name in a language are both named, with their lines."""
    other = TERM.replace("terms.loss", "terms.cost").replace('en = "loss"', 'en = "Cost"')
    (problem,) = glossary.check(project(tmp_path, GROUPS + TERM + other))
    assert "'cost' and 'loss' (line 4) are both called '损失'" in problem.message


def test_broken_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    """A file that is not TOML is refused, and does not load."""
    root = project(tmp_path, GROUPS + "[terms.loss\n")
    assert glossary.check(root)[0].line == 3
    with pytest.raises(Problem):
        glossary.load(root)


@pytest.mark.parametrize(
    ("fence", "line", "unknown"),
    [
        ("```table\nid: t\nrows: a.b\ncolumns:\n  lost: x\n  loss: y\n```", 7, "'lost'"),
        ("```chart\nid: t\nx: {term: loss}\ny: {term: lost}\n```", 6, "'lost'"),
        ("```chart\nid: t\nmarks:\n- {kind: line, term: lost}\n```", 6, "'lost'"),
        ("{{ 'lost':term }} {{ 'loss':term }}", 3, "'lost'"),
    ],
)
def test_an_unknown_term_on_a_page_is_refused(
    tmp_path: Path, fence: str, line: int, unknown: str
) -> None:
    """A column, an axis, a mark or a `:term` that the glossary lacks is refused at its line."""
    text = f"# T {{#t}}\n\n{fence}\n\n## H {{#here}}\n"
    root = project(tmp_path, GROUPS + TERM, en=text)
    (problem,) = glossary.check(root)
    assert (problem.path, problem.line) == ("docs/en/a.md", line)
    assert unknown in problem.message
    assert "[terms.lost]" in problem.fix
    project(tmp_path, GROUPS + TERM, en=text.replace("lost", "loss", 1).replace("loss: x\n  ", ""))
    assert glossary.check(root) == []


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_each_term_with_its_anchor(tmp_path: Path) -> None:
    """The page has an anchor, both names, definition, senses, symbol, code and link per term."""
    terms = glossary.load(project(tmp_path, GROUPS + TERM))
    reader = _Balanced()
    html = terms.render("zh")
    reader.feed(html)
    assert reader.open == []
    assert set(reader.ids) == terms.anchors() == {"loss", "terms-words"}
    for shown in ("损失", "loss", "错得多 厉害。", "甲", "符号 L"):
        assert shown in reader.text
    assert 'href="../a/#here"' in html
    assert "<code>厉害</code>" in html
    assert "How &lt;wrong&gt;." in terms.render("en")


def test_the_sites_own_glossary_is_complete() -> None:
    """The glossary of this repository has no problem by itself and holds what tables name."""
    root = Path(__file__).parents[2]
    terms, problems = glossary.read(root)
    assert problems == []
    assert {"parameter", "weight", "bias", "zero-point", "kv-cache"} <= set(terms.terms)
    assert len(terms.terms["bias"].senses) == 4


def test_words_of_several_meanings_stand_together() -> None:
    """The section has each word with senses and no other; the word leads to its entry."""
    text = """
[groups.g]
zh = "组"
en = "Group"
[terms.bias]
group = "g"
zh = "偏置"
en = "bias"
definition = { zh = "甲", en = "one" }
senses = [{ zh = "参数 <b>", en = "added <b>" }, { zh = "偏差", en = "`E` off" }]
[terms.plain]
group = "g"
zh = "单义"
en = "plain"
definition = { zh = "乙", en = "two" }
"""
    found, problems = glossary._parse(text)
    assert problems == ()
    html = found.render_several("en")
    assert '<a href="#bias">bias</a>' in html and "plain" not in html
    assert html.index("added &lt;b&gt;") < html.index("<code>E</code> off")
    assert "偏差" in found.render_several("zh")
    assert 'id="' not in html  # the entry has the id
