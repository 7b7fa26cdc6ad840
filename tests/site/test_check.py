"""`explainer check`: everything that the build would refuse, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.site import check
from explainer.site.errors import Problem

BLOCK = 'Words.\n\n```python exec="on"\nfirst = 1\nsecond = {}\n```\n'


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files below a root, and return it."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_jobs_are_the_snippets_and_the_nameless_blocks(tmp_path: Path) -> None:
    """Every snippet file and every code block with a body is one job, in whatever languages."""
    root = write(
        tmp_path,
        {
            "snippets/a/line.py": "# %% fit\nslope = 2\n",
            "snippets/b/other.py": "# %% fit\nslope = 2\n",
            "docs/zh/a.md": BLOCK.format(2) + '\n```python exec="on" snippet="line#fit"\n```\n',
            "docs/en/a.md": BLOCK.format(2) + "\n```python\nshown_only = 1\n```\n",
        },
    )
    found = check.jobs(root)
    assert [job.shown for job in found] == [
        "snippets/a/line.py",
        "snippets/b/other.py",
        "docs/zh/a.md",
    ]
    assert found[2].snippet.text == "# %% block\nfirst = 1\nsecond = 2\n"


def test_lines_of_a_nameless_block_are_the_pages_lines(tmp_path: Path) -> None:
    """A problem in a block of a page names the line of the page."""
    root = write(tmp_path, {"docs/en/a.md": BLOCK.format("'") + "\n", "docs/zh/a.md": ""})
    with pytest.raises(Problem) as caught:
        check.jobs(root)
    assert (caught.value.path, caught.value.line) == ("docs/en/a.md", 5)

    (root / "docs/en/a.md").write_text(BLOCK.format(2).replace("first", "\nfirst"))
    (job,) = check.jobs(root)
    assert job.problem(3, "", "").line == 6
    assert (root / "docs/en/a.md").read_text().splitlines()[5] == "second = 2"


SNIPPET = """# %% fit
import math

slope = 2.0
hole = math.nan
rows = [{"name": "a", "size": 1}, {"name": "b", "size": 2}]
"""

GLOSSARY = """
[groups]
all = {zh = "全部", en = "All"}

[terms.size]
group = "all"
zh = "大小"
en = "size"
definition = {zh = "多大。", en = "How large."}
"""

TEXT = """# Title

!!! sentence "In one sentence"
    The slope is {{ line.slope:.2f }}, {{ line.slop:.2f }} and {{ line.hole:.2f }}.

Fine: {{ line.slope:.1f }}. {{ assert line.slope > 1 }} {{ assert line.slope > 3 }}

<div>{{ line.slope:.3f }}</div>

```python exec="on" snippet="line#fit"
```

```python exec="on" snippet="line#fit" source="beside"
```

```table
id: sizes
rows: line.rows
columns:
  size: "{{ row['size'] }}"
  length: "{{ row['length'] }}"
caption: "Of {{ line.slope }} in all."
```

```chart
id: lines
title: "Sizes {{ line.nothing:.2f }}"
description: "Two sizes."
x: {label: "n", scale: category}
y: {term: size}
marks:
  - {kind: bars, x: "[row['name'] for row in line.rows]", y: "[line.hole, 1]", role: data}
```
"""


def lines_of(problems: list[Problem], path: str) -> dict[int, list[str]]:
    """Group the messages about one file by line."""
    found: dict[int, list[str]] = {}
    for problem in problems:
        if problem.path == path:
            found.setdefault(problem.line, []).append(problem.message)
    return found


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A project whose pages break one rule in almost every line."""
    pages = {f"docs/{language}/a.md": TEXT for language in ("zh", "en")}
    files = {"snippets/a/line.py": SNIPPET, "docs/glossary.toml": GLOSSARY}
    return write(tmp_path, pages | files)


def test_check_finds_every_refusal_of_a_page(broken: Path) -> None:
    """All that is wrong in sentences, guards, blocks, tables and charts comes at once, by line."""
    problems = check.check(broken)
    for language in ("zh", "en"):
        found = lines_of(problems, f"docs/{language}/a.md")
        expected = {
            4: ["no value 'slop'", "nan"],
            6: ["`line.slope > 3` is false: line.slope = 2.0"],
            8: ["`{{ line.slope:.3f }}` was not quoted"],
            13: ["is unknown", "is shown twice"],
            21: ["'length'", "KeyError"],
            22: ["a float (2.0) needs a format"],
            27: ["no value 'nothing'"],
        }
        for line, parts in expected.items():
            for part in parts:
                assert any(part in message for message in found[line]), (line, part, found)
    chart = [p for p in problems if "chart" in p.message and "nan" in p.message]
    assert chart, problems


def test_check_is_sorted_and_says_each_thing_once(broken: Path) -> None:
    """Problems come by file and line, and none twice."""
    problems = check.check(broken)
    places = [(p.path, p.line, p.message) for p in problems]
    assert places == sorted(set(places))


def test_check_runs_what_is_stale_and_reports_what_raises(broken: Path) -> None:
    """A snippet that raises is a problem at its line, beside those of the pages."""
    (broken / "snippets/a/other.py").write_text("# %% fail\nvalue = 1 / 0\n")
    problems = check.check(broken)
    found = lines_of(problems, "snippets/a/other.py")
    assert any("ZeroDivisionError" in message for message in found[2])
    assert lines_of(problems, "docs/zh/a.md")


def test_a_snippet_that_fails_is_one_problem(broken: Path) -> None:
    """The pages that quote a snippet that raises do not repeat what is wrong with it."""
    (broken / "snippets/a/line.py").write_text(SNIPPET + "1 / 0\n")
    messages = [problem.message for problem in check.check(broken)]
    assert sum("ZeroDivisionError" in message for message in messages) == 1
    assert not any("has no run" in message for message in messages)


def test_static_runs_nothing(broken: Path) -> None:
    """The checks of the files alone need no run and leave none."""
    assert check.static(broken)
    assert not (broken / ".explainer").exists()


def test_a_sound_site_has_no_problem(tmp_path: Path) -> None:
    """What holds is not refused."""
    text = '# T\n\nIt is {{ line.slope:.2f }}.\n\n```python exec="on" snippet="line"\n```\n'
    text += "\n```table\nid: t\nrows: line.rows\ncolumns:\n  size: \"{{ row['size'] }}\"\n```\n"
    text += "\n<div markdown>\n{{ line.slope:.1f }}\n</div>\n\n<p>`<div>`</p>\n"
    pages = {f"docs/{language}/a.md": text for language in ("zh", "en")}
    root = write(
        tmp_path,
        pages | {"snippets/a/line.py": SNIPPET, "docs/glossary.toml": GLOSSARY},
    )
    assert [str(problem) for problem in check.check(root)] == []


@pytest.mark.parametrize("only", [None, {"docs/zh/a.md", "docs/en/a.md"}])
def test_a_snippet_that_is_no_python_is_one_problem(broken: Path, only: set[str] | None) -> None:
    """Pages that quote what cannot be read do not repeat what is wrong with it."""
    (broken / "snippets/a/line.py").write_text(SNIPPET + "x = = 1\n")
    problems = check.check(broken, only)
    assert len(lines_of(problems, "snippets/a/line.py")[7]) == 1
    assert sum("not Python" in problem.message for problem in problems) == 1


def test_braces_in_raw_html_are_found_where_they_stand(tmp_path: Path) -> None:
    """The line is that of the raw HTML, not of a sentence that quotes the same."""
    text = "# T\n\nIt is {{ line.slope:.2f }}.\n\n<div>\n{{ line.slope:.2f }}\n</div>\n"
    text += '\n```python exec="on" snippet="line"\n```\n'
    pages = {f"docs/{language}/a.md": text for language in ("zh", "en")}
    root = write(tmp_path, pages | {"snippets/a/line.py": SNIPPET, "docs/glossary.toml": GLOSSARY})
    assert {(p.path, p.line) for p in check.check(root)} == {
        ("docs/zh/a.md", 6), ("docs/en/a.md", 6)
    }  # fmt: skip
