"""Widgets on a page: values reach the script exactly, and the table stands without it."""

from __future__ import annotations

import gzip
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import explainer.site
from explainer.site import check, figures, widgets
from explainer.site.encoding import Record
from tests.site.test_zensical import zensical
from tests.site.tiny import SNIPPET, Tiny

THEME = Path(explainer.site.__file__).parent / "theme" / "assets" / "widgets"
FENCE = """```widget
id: by-hand
kind: line
title: "Slope {{ line.slope:.1f }}"
height: [300, 320]
data: {x: line.xs, y: "[line.slope, line.prediction]"}
rows: line.layers
columns:
  point: "{{ row['name']:term }}"
  share: "{{ row['size'] }}"
```"""
VALUES = "\nimport numpy as np\n\nxs = np.array([0.1, 1e-7], np.float32)\nbad = float('nan')\n"


@pytest.fixture
def project(tmp_path: Path) -> Tiny:
    """A tiny site whose snippet has an array of float32 and a value that is no number."""
    tiny = Tiny(tmp_path)
    tiny.write("snippets/index/line.py", SNIPPET + VALUES)
    return tiny


def given(html: str) -> dict[str, Any]:
    """Return what the page gives the script."""
    found = re.search(r"<template[^>]*>(\{\"data\".*?\})</template>", html)
    assert found
    return dict(json.loads(unescape(found[1])))


def test_page_gives_values_labels_and_table(project: Tiny) -> None:
    """The element holds values to the last bit, labels in the page's language, and its table."""
    project.page(FENCE)
    site = project.build()
    for language, path in (("zh", "index.html"), ("en", "en/index.html")):
        html = (site / path).read_text(encoding="utf-8")
        assert '<figure class="widget" id="by-hand">' in html
        data, words = given(html)["data"], given(html)["words"]
        back = np.array(data["x"]["float32"]).astype(np.float32)
        assert back.tobytes() == np.array([0.1, 1e-7], np.float32).tobytes()
        assert data["y"] == [2, 9]
        assert words == widgets.labels("line", language)
        twin = html[html.index('class="widget-twin"') :]
        assert re.findall(r"<data [^>]*>([^<]*)</data>", twin)[:2] == ["3", "4"]
        assert 'data-run="index/line"' in html
        assert "assets/widgets.css" in html
    numbers = json.loads((site / "numbers.json").read_text(encoding="utf-8"))
    assert "line.layers[0]['size']" in json.dumps(numbers)


def test_page_without_widget_asks_for_no_styles(project: Tiny) -> None:
    """The styles of widgets come only where one stands."""
    html = (project.build() / "index.html").read_text(encoding="utf-8")
    assert "widgets.css" not in html


def test_zensical_draws_the_same(project: Tiny) -> None:
    """The other builder gives the script the same."""
    project.page(FENCE)
    expected = given((project.build() / "en/index.html").read_text(encoding="utf-8"))
    done = zensical(project, "mkdocs.en.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    html = (project.root / "site/en/index.html").read_text(encoding="utf-8")
    assert given(html) == expected


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: line", "kind: lines", "there is no widget 'lines'"),
        ("x: line.xs", "x: line.bad", "a value is nan"),
        ("x: line.xs", "x: line.none", "has no value 'none'"),
        ("x: line.xs", "x: line", "names no value"),
        ("x: line.xs", "x: '[1, 2]'", "uses no value of a snippet"),
        ("[300, 320]", "300", "is no pair of pixels"),
        ("rows: line.layers\n", "", "a widget has no `rows`"),
        ("rows: line.layers", "rows: line.slope", "is no list"),
        ("height:", "colour: red\nheight:", "an unknown key `colour`"),
        ("row['size']", "row['sizes']", "KeyError"),
        ("Slope {{", "Slope 2 {{", "the figure '2' is typed"),
    ],
)
def test_check_refuses(project: Tiny, old: str, new: str, message: str) -> None:
    """What cannot stand is refused, at a line of the block."""
    assert old in FENCE
    project.page(FENCE.replace(old, new))
    found = [p for p in check.check(project.root) if message in p.message]
    assert {problem.path for problem in found} == {"docs/en/index.md", "docs/zh/index.md"}
    for problem in found:
        text = project.read(problem.path)
        first = text[: text.index("```widget")].count("\n") + 1
        assert first <= problem.line <= first + FENCE.count("\n")


def test_build_refuses(project: Tiny) -> None:
    """A build ends where a value cannot be given to the script."""
    project.page(FENCE.replace("line.xs", "line.bad"))
    assert "a value is nan" in project.refusal()


def test_languages_give_the_same_values(project: Tiny) -> None:
    """A value that stands in one language only is refused; words may differ."""
    project.page(FENCE, FENCE.replace("Slope", "斜率"))
    assert check.check(project.root) == []
    project.page("", FENCE.replace("by-hand", "other"))
    project.page(FENCE.replace("by-hand", "other").replace("[line.slope", "[1 + line.slope"), "")
    found = check.check(project.root)
    assert any("widget #other" in problem.message for problem in found)


def test_use_counts(project: Tiny) -> None:
    """A cell that only a widget quotes is in use."""
    path = "snippets/index/line.py"
    project.write(path, project.read(path) + "\n# %% drag\npoints = [1, 2]\n")
    assert any("'drag'" in problem.message for problem in check.check(project.root))
    project.page(FENCE.replace("line.xs", "line.points"))
    assert check.check(project.root) == []


def test_values_are_exact() -> None:
    """Integers, floats, arrays and records become JSON without a loss; other things are refused."""
    assert widgets.plain_data(2**53) == 2**53
    assert json.dumps(widgets.plain_data([0.1, 1e300, -0.0, 3.0])) == "[0.1, 1e+300, -0.0, 3]"
    assert widgets.plain_data(Record("Point", {"x": 1, "_y": 2})) == {"x": 1}
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**32, 20_000, dtype=np.uint32)
    array = bits.view(np.float32)
    array = array[np.isfinite(array)]
    sent = json.loads(json.dumps(widgets.plain_data(array)))["float32"]
    assert np.array(sent).astype(np.float32).tobytes() == array.tobytes()
    for value in (float("inf"), 2**53 + 1, object(), np.array([np.nan])):
        with pytest.raises(ValueError, match=r"finite|beyond|cannot be given"):
            widgets.plain_data(value)


def test_labels_are_in_both_languages_and_used() -> None:
    """Each kind has a module and labels; each label has both languages, no figure, and a use."""
    found = widgets.read_labels()
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in THEME.glob("*.js")}
    shared = scripts.pop("base") + scripts.pop("plot")
    assert set(scripts) == set(found) - {"all"}
    for kind, labels in found.items():
        script = shared if kind == "all" else scripts[kind]
        used = {*re.findall(r"words\.(\w+)", script), *re.findall(r"words\[\"(\w+)\"\]", script)}
        for group in re.findall(r"const \{([^}]*)\} = [\w.]*words;", script):
            used |= {part.split(":")[0].strip() for part in group.split(",")}
        # A label may also be named by a text, or by a value of the page: `words[name]`.
        named = {name for name in labels if re.search(rf"[\"'`]{name}[\"'`]", script)}
        named |= set(labels) if re.search(r"words\[\w+\]", script) else set()
        assert set(labels) - used - named == set(), kind
        assert used - set(labels) - set(found["all"]) == set(), kind
        for texts in labels.values():
            assert set(texts) == {"zh", "en"}
            assert [figures.find(text) for text in texts.values()] == [[], []]


def test_widgets_are_light() -> None:
    """A kind comes in 6 KB, compressed, what it computes by in 4, what all share in 9."""
    sizes = {path: len(gzip.compress(path.read_bytes(), 6)) for path in THEME.parent.rglob("*.js")}
    shared = [THEME / "base.js", THEME / "plot.js"]
    assert sum(sizes.pop(path) for path in shared) <= 9 * 1024
    for path, size in sizes.items():
        most = {"widgets": 6, "compute": 4}.get(path.parent.name)
        assert most is None or size <= most * 1024, (path.name, size)
