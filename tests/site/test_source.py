"""A page is read as its author wrote it: what stands where, and what of it is prose."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from explainer.site import expressions, source, specs

PAGE = """\
---
title: How many parameters?
description: "Words and {{ line.slope:.2f }} in it"
draft: true
---
# Title {#top}

One sentence with `code 1`, $x^2$, a [link 中](other.md#here "its title") and {{ line.slope:.2f }}.
{{ assert line.slope > 1 }} ![alt words](figure.svg){#fig-line} <b class="x1">bold</b>

!!! sentence "一句话 {{ line.bias:.1f }}"

    ```python exec="on" snippet="line#fit" title="Step one"
    ```

=== "Tab"

    ````text
    ```
    {{ not.an.expression }}
    ```
    ````

1. First
2. Second

```table
id: layers
rows: counting.layers
columns:
  layer: "{{ row.name:term }}"
caption: Caption words {{ line.total }}
```

<line-widget id="w-line" data-start="3"></line-widget>

## Formula {#formula}

$$
y = 2x
$$

<!-- a comment with 5

and more 6 --> after
"""


def page(text: str, path: str = "docs/en/a/b.md") -> source.Page:
    """Read a page from its text."""
    return source.parse_text(text, path)


@pytest.fixture(scope="module")
def whole() -> source.Page:
    """Return the page that holds one of everything."""
    return page(PAGE)


def test_front_matter_has_values_and_lines(whole: source.Page) -> None:
    """Each key of the front matter is known with its line."""
    assert whole.front["draft"] is True
    assert whole.front_lines == {"title": 2, "description": 3, "draft": 4}


def test_headings_have_level_id_text_and_line(whole: source.Page) -> None:
    """A heading is known by its level, id, words and line."""
    assert [(h.level, h.id, h.text, h.line) for h in whole.headings] == [
        (1, "top", "Title", 6),
        (2, "formula", "Formula", 37),
    ]


def test_fences_are_found_wherever_they_stand(whole: source.Page) -> None:
    """Fences in admonitions and tabs count, one inside a longer fence does not."""
    assert [(f.language, f.line) for f in whole.fences] == [
        ("python", 13), ("text", 18), ("table", 27),
    ]  # fmt: skip
    assert whole.fences[0].options == {"exec": "on", "snippet": "line#fit", "title": "Step one"}
    assert whole.fences[1].body == "```\n{{ not.an.expression }}\n```\n"


def test_expressions_have_format_guard_and_line(whole: source.Page) -> None:
    """Expressions are found in prose, titles, front matter and tables, never in code."""
    assert [
        (e.quote.source, e.quote.format, e.quote.is_assert, e.line) for e in whole.expressions
    ] == [
        ("line.slope", ".2f", False, 3),
        ("line.slope", ".2f", False, 8),
        ("line.slope > 1", "", True, 9),
        ("line.bias", ".1f", False, 11),
        ("row.name", "term", False, 31),
        ("line.total", "", False, 32),
    ]


def test_links_and_images_have_target_text_title_and_line(whole: source.Page) -> None:
    """A link knows its target, words, title and line; an image its id."""
    link, image = whole.links
    assert (link.target, link.text, link.title, link.line) == (
        "other.md#here", "link 中", "its title", 8,
    )  # fmt: skip
    assert (image.target, image.text, image.id, image.is_image) == (
        "figure.svg", "alt words", "fig-line", True,
    )  # fmt: skip


def test_widgets_are_tags_with_attributes(whole: source.Page) -> None:
    """A custom element is known with its id."""
    widget = whole.tags[-1]
    assert (widget.name, widget.attributes["id"], widget.line) == ("line-widget", "w-line", 35)


def test_admonitions_and_tabs_have_titles(whole: source.Page) -> None:
    """Admonitions and tabs are known by kind, title and line."""
    assert [(a.kind, a.title, a.line) for a in whole.admonitions] == [
        ("sentence", "一句话 {{ line.bias:.1f }}", 11),
        ("tab", "Tab", 16),
    ]


def test_specs_know_the_line_of_each_part(whole: source.Page) -> None:
    """A table's id, and the line of each of its keys, are known."""
    (table,) = whole.specs
    assert (table.kind, table.id, table.line_of("columns", "layer")) == ("table", "layers", 31)


def test_prose_keeps_every_offset(whole: source.Page) -> None:
    """Prose is as long as the file, and a word stands at the same offset in both."""
    assert len(whole.prose) == len(whole.text)
    assert whole.prose.count("\n") == whole.text.count("\n")
    for word in ("sentence with", "link 中", "its title", "alt words", "bold", "一句话", "Step one",
                 "Tab", "Caption words", "How many", "Words and", "after"):  # fmt: skip
        assert whole.prose.index(word) == whole.text.index(word), word


def test_prose_holds_nothing_but_prose(whole: source.Page) -> None:
    """Code, math, targets, attributes, expressions, markers and comments are blanked."""
    for hidden in ("code", "x^2", "other.md", "line.slope", "fig-line", "class", "snippet", "row.",
                   "layers", "not.an", "data-start", "y = 2x", "comment", "1.", "#"):  # fmt: skip
        assert hidden not in whole.prose, hidden


def test_sections_are_those_of_the_headings_above(whole: source.Page) -> None:
    """A line belongs to the last heading above it."""
    assert [whole.section(line) for line in (3, 6, 36, 40)] == ["", "top", "top", "formula"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n\n{{ line. }}\n", 3, "`{{ line. }}` cannot be read"),
        ("a {{ line.slope\n", 1, "does not end"),
        ("{{ line.slope!r }}", 1, "conversion"),
        ("a\n```python\nx\n", 2, "does not end"),
        ("```chart\nid: a\nx: {{ b }}\n```\n", 3, "without quotation marks"),
        ("```table\nid: a\nid: b\n```\n", 3, "`id` stands twice"),
        ("---\ntitle: [\n---\n", 3, "front matter"),
        ("<!--\n```python\n```\n-->\n", 2, "inside a comment"),
    ],
)
def test_what_cannot_be_read_is_a_problem(text: str, line: int, said: str) -> None:
    """Each unreadable part is named with its line and a fix."""
    problem = page(text).problems[0]
    assert (problem.path, problem.line) == ("docs/en/a/b.md", line)
    assert said in problem.message
    assert problem.fix


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("a &half; b", "a ½      b"),
        ("a &#54; b", "a 6     b"),
        ("[x][ref] y", " x       y"),
        ("see https://a.b/1 now", "see               now"),
        ("text[^1] end\n\n[^1]: note", "text     end\n\n      note"),
        ('<img alt="six 6" src="a1.png">', "          six 6               "),
        ("- one\n- two", "  one\n  two"),
        ("intro\n1984. a year", "intro\n1984. a year"),
        ("1984. a year", "1984. a year"),
        ("`` a ` 1 `` b", "            b"),
        (r"\(x_1\) and \$5", "        and  $5"),
        ("[![alt](a1.png)](b2.md)", "   alt                 "),
        ("> quoted 中", "  quoted 中"),
        ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n         \n| c | d |"),
        ("x <pre>\n1\n</pre> y", "x      \n \n       y"),
    ],
)
def test_prose_is_what_the_reader_reads(text: str, prose: str) -> None:
    """Marks are blanked, words and figures stay at their place."""
    assert page(text).prose == prose


def test_an_expression_is_split_as_an_f_string_splits_it() -> None:
    """The colon that starts the format is the one at which Python would cut."""
    values = {"rows": {"a:b": 2.0}, "x": 3}
    for body in ("rows['a:b']:.2f", "x != 2", "(lambda: x)():>4", "{1: x}[1]:03d", "x:,"):
        quote = expressions.split(body)
        value = eval(quote.source, dict(values))
        assert format(value, quote.format) == eval("f'''{ " + body + "}'''", dict(values))


def test_specs_differ_only_by_their_words() -> None:
    """Captions and templates are words; ids, rows and kinds are not."""
    chinese = specs.read('id: a\nrows: b.c\ncaption: 甲\ncolumns: {x: "{{ row.x }}"}').data
    english = specs.read('id: a\nrows: b.c\ncaption: A\ncolumns: {x: "{{ row.x }} k"}').data
    assert specs.skeleton(chinese) == specs.skeleton(english)
    assert specs.skeleton(chinese) != specs.skeleton(english | {"rows": "b.d"})


def test_load_reads_both_trees(tmp_path: Path) -> None:
    """Pages are found in both trees, by path."""
    for language in source.LANGUAGES:
        file = tmp_path / "docs" / language / "a" / "b.md"
        file.parent.mkdir(parents=True)
        file.write_text(textwrap.dedent("# T {#t}\n"), encoding="utf-8")
    pages = source.load(tmp_path)
    assert list(pages) == ["docs/zh/a/b.md", "docs/en/a/b.md"]
    assert (pages["docs/zh/a/b.md"].language, pages["docs/zh/a/b.md"].name) == ("zh", "a/b.md")
