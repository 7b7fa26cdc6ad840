"""What stands in one language only is refused, with both files and lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.site import parity

BASE = """\
---
title: Title
draft: true
---
# Title

Value {{ line.slope:.2f }} and {{ assert line.slope > 1 }}.

## First {#first}

```python exec="on" snippet="line#fit" title="Words"
```

```table
id: layers
rows: counting.layers
columns:
  layer: "{{ row.name:term }} words"
caption: Words {{ line.total }}
```

## Second {#second}

!!! sentence "Words"
    Words.

![words](figure.svg){#fig}

<x-line id="w"></x-line>

```text
body
```

```widget
id: played
kind: line
height: [300, 400]
```
"""


def project(root: Path, zh: str, en: str) -> Path:
    """Write one page in both languages."""
    for language, text in (("zh", zh), ("en", en)):
        (root / "docs" / language).mkdir(parents=True, exist_ok=True)
        (root / "docs" / language / "a.md").write_text(text, encoding="utf-8")
    return root


def test_words_and_formats_may_differ(tmp_path: Path) -> None:
    """Words, their formats, and the height of a widget with its words are each language's own."""
    chinese = (
        BASE.replace("Words", "词").replace("Title", "题").replace(":.2f", ":.3f")
        .replace("words", "词").replace("First", "一").replace("figure.svg", "figure.svg")
        .replace("line.slope > 1", "line.slope>1").replace("[300, 400]", "[290, 380]")
    )  # fmt: skip
    assert parity.check(project(tmp_path, chinese, BASE)) == []


@pytest.mark.parametrize(
    ("before", "after", "path", "line", "said"),
    [
        ("## Second {#second}\n", "", "zh", 22, "{#second} stands in docs/zh/a.md only"),
        ("{#second}", "{#third}", "zh", 22, "{#second} stands in docs/zh/a.md only"),
        ("## Second", "### Second", "zh", 22, "level 2 here and level 3 in docs/en/a.md:22"),
        ('snippet="line#fit"', 'snippet="line"', "zh", 11, "docs/en/a.md:11 has"),
        ("body", "other", "zh", 31, "docs/en/a.md:31 has"),
        ("counting.layers", "counting.rows", "zh", 14, "docs/en/a.md:14 has"),
        ("  layer:", "  loss:", "zh", 14, "docs/en/a.md:14 has"),
        ("{#fig}", "{#other}", "zh", 27, "#fig stands where docs/en/a.md:27 has #other"),
        ('id="w"', 'id="v"', "zh", 29, "docs/en/a.md:29 has <x-line id='v'>"),
        ('!!! sentence "Words"\n    Words.\n', "", "zh", 24, "has no twin at this place in"),
        ("draft: true\n", "", "zh", 3, "`draft: true` has no twin"),
        ("{{ line.slope:.2f }}", "two", "zh", 7, "once here (before the first section), not"),
        ("kind: line", "kind: picnic", "zh", 35, "docs/en/a.md:35 has"),
        ("{{ line.total }}", "many", "zh", 19, "(section #first), not in docs/en/a.md:9"),
        ("{{ line.total }}", "{{ line.other }}", "zh", 19, "`{{ line.total }}` stands"),
        ("{{ assert line.slope > 1 }}", "", "zh", 7, "`{{ assert line.slope > 1 }}` stands"),
        ("Words.\n", "Words {{ line.x }}.\n", "en", 25, ", not in docs/zh/a.md:22"),
    ],
)  # fmt: skip
def test_each_difference_is_refused(
    tmp_path: Path, before: str, after: str, path: str, line: int, said: str
) -> None:
    """A difference is told once where it stands, naming the other file, and gone when mended."""
    assert before in BASE
    problems = parity.check(project(tmp_path, BASE, BASE.replace(before, after, 1)))
    first = problems[0]
    assert (first.path, first.line) == (f"docs/{path}/a.md", line), str(first)
    assert said in first.message
    assert "docs/" in first.message
    assert first.fix
    after_both = BASE.replace(before, after, 1)
    assert parity.check(project(tmp_path, after_both, after_both)) == []


def test_moved_headings_are_refused(tmp_path: Path) -> None:
    """The same headings in another order are refused."""
    zh, en = "# T\n\n## A {#a}\n\n## B {#b}\n", "# T\n\n## B {#b}\n\n## A {#a}\n"
    problems = parity.check(project(tmp_path, zh, en))
    assert problems
    assert "one order" in problems[0].fix


def test_a_page_in_one_language_is_refused(tmp_path: Path) -> None:
    """A missing translation is named with the file to write."""
    root = project(tmp_path, BASE, BASE)
    (root / "docs" / "en" / "b.md").write_text("# B\n", encoding="utf-8")
    (problem,) = parity.check(root)
    assert str(problem).startswith("docs/en/b.md: this page stands in 'en' only")
    assert "docs/zh/b.md" in problem.fix
    (root / "docs" / "zh" / "b.md").write_text("# B\n", encoding="utf-8")
    assert parity.check(root) == []


@pytest.mark.parametrize("stated", ["", "\u2009{#a}", "{#a}"])
def test_a_heading_without_an_id_is_refused(tmp_path: Path, stated: str) -> None:
    """Every heading below the title states its id, behind a plain space: else a reader sees it."""
    problems = parity.check(project(tmp_path, f"# T\n\n## 甲{stated}\n", "# T\n\n## A {#a}\n"))
    assert (problems[0].path, problems[0].line) == ("docs/zh/a.md", 3)
    assert f"{'甲' + stated!r} has no id" in problems[0].message
    assert "{#id}" in problems[0].fix


@pytest.mark.parametrize("twin", ["## B {#a}", "<i id='a'></i>", "```chart\nid: a\n```"])
def test_an_id_that_stands_twice_is_refused(tmp_path: Path, twin: str) -> None:
    """An id is given once on a page, by whatever means."""
    text = f"# T\n\n## A {{#a}}\n\n{twin}\n"
    problems = parity.check(project(tmp_path, text, text))
    assert [(problem.path, problem.line) for problem in problems] == [
        ("docs/zh/a.md", 5),
        ("docs/en/a.md", 5),
    ]
    assert "#a stands at line 3 already" in problems[0].message
