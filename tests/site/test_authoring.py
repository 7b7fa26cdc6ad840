"""The authoring guide is true: its files, taken as they stand, make a page that is accepted."""

from __future__ import annotations

import re

import pytest

from explainer.site import check
from explainer.site.charts.spec import MARKS
from explainer.site.source import LANGUAGES
from tests.site.tiny import ROOT, Tiny

FILE = re.compile(r'^(`{3,4})\w+ title="([^"]+)"\n(.*?)^\1$', re.MULTILINE | re.DOTALL)
CHART = re.compile(r"^````markdown\n(```chart\n.*?)^````$", re.MULTILINE | re.DOTALL)
NEIGHBOUR = {"en": "# Rounding\n", "zh": "# 舍入\n"}
TERMS = """
[terms.format]
group = "parameters"
zh = "格式"
en = "format"
[terms.format.definition]
zh = "位的用法。"
en = "What the bits mean."

[terms.count]
group = "parameters"
zh = "数量"
en = "count"
[terms.count.definition]
zh = "有多少个。"
en = "How many there are."
"""


def guide(language: str) -> str:
    """Return the guide as it stands."""
    return (ROOT / "docs" / language / "authoring.md").read_text(encoding="utf-8")


@pytest.fixture
def follower(tiny: Tiny) -> Tiny:
    """A project in which someone has followed the guide to the letter."""
    for _, path, text in FILE.findall(guide("en")):
        tiny.write(path, text)
    for language, text in NEIGHBOUR.items():
        tiny.write(f"docs/{language}/precision/rounding.md", text)
    tiny.write("docs/glossary.toml", tiny.read("docs/glossary.toml") + TERMS)
    return tiny


def test_the_files_of_the_guide_make_a_finished_page(follower: Tiny) -> None:
    """Snippet and both pages, copied from the guide, hold; so does the chart that it suggests."""
    assert check.check(follower.root) == []
    (chart,) = CHART.findall(guide("en"))
    follower.page(chart, chart, "precision/halving.md")
    assert check.check(follower.root) == []


def test_the_exercise_fails_as_the_guide_says(follower: Tiny) -> None:
    """With one format in place of the other, the guard of each language is refused."""
    path = "snippets/precision/halving.py"
    follower.write(path, follower.read(path).replace("ml_dtypes.bfloat16", "np.float16"))
    found = [problem for problem in check.check(follower.root) if "25" in problem.message]
    assert {problem.path for problem in found} == {
        "docs/en/precision/halving.md",
        "docs/zh/precision/halving.md",
    }


def test_the_test_of_the_guide_passes_and_can_fail(follower: Tiny) -> None:
    """The guide's test holds for its snippet, and fails when the snippet is wrong."""
    path = follower.root / "tests/snippets/precision/test_halving.py"
    names: dict[str, object] = {"__file__": str(path), "__name__": "test_halving"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    test = names["test_halvings_follow_from_the_layout"]
    assert callable(test)
    test()
    snippet = follower.root / "snippets/precision/halving.py"
    wrong = snippet.read_text(encoding="utf-8").replace("while value > 0", "while value > 1e-3")
    snippet.write_text(wrong, encoding="utf-8")
    with pytest.raises(AssertionError):
        test()


def test_both_guides_show_the_same_files() -> None:
    """Whoever reads either language writes the same files, and both languages of the page."""
    shown = FILE.findall(guide("en"))
    assert shown == FILE.findall(guide("zh"))
    assert [path for _, path, _ in shown] == [
        "snippets/precision/halving.py",
        "tests/snippets/precision/test_halving.py",
        "docs/en/precision/halving.md",
        "docs/zh/precision/halving.md",
    ]


def test_the_guide_names_every_mark_of_charts() -> None:
    """What each guide lists is what charts know."""
    for language in LANGUAGES:
        for name in MARKS:
            assert f"`{name}`" in guide(language), (language, name)
