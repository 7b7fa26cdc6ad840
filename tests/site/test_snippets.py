"""Snippets: cells, origins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.site.errors import Problem
from explainer.site.snippets import Snippet, chapter_of, load, parse

TEXT = '''"""A line.

More about it.
"""
# timeout: 30

# %% fit
import time

started = time.perf_counter()
slope = 2.0
points = [i for i in range(3)]

# %% use
elapsed = time.perf_counter() - started
ratio = elapsed / slope
guess = slope * 5


def double(x):
    hidden = x
    return hidden * 2
'''


def snippet(text: str = TEXT) -> Snippet:
    """Parse a text as a snippet."""
    return parse(text, path=Path("x/line.py"), shown="snippets/x/line.py")


def test_cells_keep_their_lines() -> None:
    """A cell's source is exactly the lines of the file that it claims."""
    found = snippet()
    lines = TEXT.splitlines()
    assert [cell.name for cell in found.cells] == ["fit", "use"]
    for cell in found.cells:
        assert cell.source == "\n".join(lines[cell.start - 1 : cell.end])


def test_head_states_title_and_time_limit() -> None:
    """The docstring's first line is the title; `# timeout:` sets the limit."""
    assert (snippet().title, snippet().timeout_seconds) == ("A line", 30.0)


def test_origins_name_line_and_cell() -> None:
    """A name comes from the line and the cell that assign it; inner names are not the snippet's."""
    origins = snippet().origins
    assert TEXT.splitlines()[origins["slope"].line - 1] == "slope = 2.0"
    assert origins["guess"].cells == ("use",)
    assert "hidden" not in origins
    assert "i" not in origins


def test_what_flows_from_a_clock_is_measured() -> None:
    """Names computed from a timing are measured, others are not."""
    origins = snippet().origins
    measured = {name for name, origin in origins.items() if origin.measured}
    assert measured == {"started", "elapsed", "ratio"}


def test_comment_marks_a_measured_name() -> None:
    """`# measured` marks what no clock in sight explains, and what is computed from it."""
    found = snippet("# %% a\nspeed = bench()  # measured\ntwice = speed * 2\nn = 3\n")
    assert [found.origins[n].measured for n in ("speed", "twice", "n")] == [True, True, False]
    assert found.measured_cells == {"a"}


def test_name_set_in_two_cells_is_known() -> None:
    """Both cells that set a name are listed, so that quoting it can be refused."""
    found = snippet("# %% a\nx = 1\n\n# %% b\nx = 2\n")
    assert found.origins["x"].cells == ("a", "b")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\n# %% a\n", 1, "code before the first cell"),
        ("# %% a\nx = 1\n# %% a\n", 3, "cell 'a' stands at line 1 already"),
        ("# %%\nx = 1\n", 1, "cell name '' is not lower_case"),
        ("# %% Fit it\nx = 1\n", 1, "cell name 'Fit it' is not lower_case"),
        ("# %% a\nx = (\n", 2, "not Python"),
    ],
)
def test_refusals_name_the_line(text: str, line: int, message: str) -> None:
    """What cannot be cut into cells is refused with its line."""
    with pytest.raises(Problem) as caught:
        snippet(text)
    assert caught.value.line == line
    assert message in caught.value.message


def test_load_names_the_file_from_the_root(tmp_path: Path) -> None:
    """Errors name the file as seen from the project's root."""
    path = tmp_path / "snippets" / "x" / "bad.py"
    path.parent.mkdir(parents=True)
    path.write_text("x = 1\n")
    with pytest.raises(Problem, match=r"snippets/x/bad.py:1"):
        load(path, root=tmp_path)


@pytest.mark.parametrize(
    ("page", "chapter"),
    [
        ("parameters/counting.md", "parameters"),
        ("weights-and-biases/neuron.md", "weights_and_biases"),
        ("index.md", "index"),
        ("local-models.md", "local_models"),
    ],
)
def test_chapter_of_page(page: str, chapter: str) -> None:
    """A page quotes the snippets of its folder, or of its own name at the top."""
    assert chapter_of(page) == chapter
