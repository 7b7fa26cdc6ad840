"""A snippet or cell that no page needs is refused, and so is a block that shows none."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.site import usage

SNIPPET = '''\
"""A line."""

# %% points
x = [1.0, 2.0]

# %% fit
slope, (a, b) = 2.0, (1, 2)

# %% show
print(slope)
'''


def project(root: Path, text: str, page: str = "two-words/a.md") -> Path:
    """Write a project with one snippet of three cells and one page."""
    files = {
        "snippets/two_words/line.py": SNIPPET,
        f"docs/en/{page}": text,
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


WHOLE = '```python exec="on" snippet="line"\n```'
POINTS = '```python exec="on" snippet="line#points"\n```\n'
SHOW = '```python exec="on" snippet="line#show"\n```\n'


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        '```python exec="on" snippet="two_words/line"\n```',
        POINTS + SHOW + "{{ line.slope:.2f }}",
        POINTS + SHOW + "{{ max(line.b, 1) }}",
        POINTS + SHOW + "{{ two_words.line.a }}",
        POINTS + SHOW + "{{ assert line.slope > 1 }}",
        POINTS + SHOW + "```table\nid: t\nrows: line.a\n```",
        POINTS + SHOW + "```chart\nid: t\nmarks:\n- {kind: line, x: line.a}\n```",
        POINTS + SHOW + '```chart\nid: t\ntitle: "{{ line.a }}"\n```',
    ],
)
def test_what_is_shown_or_quoted_is_used(tmp_path: Path, text: str) -> None:
    """Blocks, inline values, guards, tables and charts all count."""
    assert [str(problem) for problem in usage.check(project(tmp_path, text))] == []


def test_another_chapter_may_use_it(tmp_path: Path) -> None:
    """A snippet that only another chapter quotes is used, by its full name."""
    text = POINTS.replace("line#", "two_words/line#") + SHOW.replace("line#", "two_words/line#")
    root = project(tmp_path, text + "{{ two_words.line.slope }}", page="index.md")
    assert usage.check(root) == []
    root = project(tmp_path, text + "{{ line.slope }}", page="index.md")
    assert [problem.line for problem in usage.check(root)] == [7]


def test_an_unused_snippet_is_refused(tmp_path: Path) -> None:
    """A snippet that no page needs is named, with what to write."""
    (problem,) = usage.check(project(tmp_path, "Words."))
    assert problem.path == "snippets/two_words/line.py"
    assert "no page shows or quotes the snippet two_words/line" in problem.message
    assert '`snippet="line"`' in problem.fix
    assert usage.check(project(tmp_path, WHOLE)) == []


def test_an_unused_cell_is_refused_at_its_line(tmp_path: Path) -> None:
    """A cell that no page needs is named at the line where it starts."""
    (problem,) = usage.check(project(tmp_path, POINTS + SHOW))
    assert (problem.path, problem.line) == ("snippets/two_words/line.py", 7)
    assert "the cell 'fit' of two_words/line" in problem.message
    assert '`snippet="line#fit"`' in problem.fix


def test_code_and_comments_are_no_use(tmp_path: Path) -> None:
    """What only looks like a quotation uses nothing."""
    text = POINTS + SHOW + "`{{ line.slope }}` <!-- {{ line.slope }} -->"
    assert [problem.line for problem in usage.check(project(tmp_path, text))] == [7]


@pytest.mark.parametrize(
    ("reference", "said", "fix"),
    [
        ("lime", "there is no snippets/two_words/lime.py", "there are: two_words/line"),
        ("other/line", "there is no snippets/other/line.py", "write that file"),
        ("line#fat", "snippets/two_words/line.py has no cell 'fat'", "points, fit, show"),
    ],
)
def test_a_block_that_shows_nothing_is_refused(
    tmp_path: Path, reference: str, said: str, fix: str
) -> None:
    """An unknown snippet or cell is named where the block stands, with those there are."""
    root = project(tmp_path, f'{WHOLE}\n\n```python exec="on" snippet="{reference}"\n```')
    (problem,) = usage.check(root)
    assert (problem.path, problem.line) == ("docs/en/two-words/a.md", 4)
    assert said in problem.message
    assert fix in problem.fix


def test_a_snippet_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """What is wrong with a snippet's file is among the problems."""
    root = project(tmp_path, WHOLE)
    (root / "snippets" / "two_words" / "bad.py").write_text("x = 1\n# %% fit\n", encoding="utf-8")
    (problem,) = usage.check(root)
    assert (problem.path, problem.line) == ("snippets/two_words/bad.py", 1)
    assert "code before the first cell" in problem.message
