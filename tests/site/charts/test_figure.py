"""Every kind of chart: as many marks as there are data, well-formed, the same in each run."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.site.charts.svg import polyline

NUMBERS: dict[str, Any] = {
    "x": np.arange(1, 8),
    "y": np.array([2.0, 3.5, 1.0, 4.25, 6.0, 5.5, 7.0]),
    "half": [0.5] * 7,
    "low": np.arange(7) * 0.5,
    "high": np.arange(7) * 1.5 + 0.1,
    "names": ["one", "two", "three", "four", "five", "six", "seven"],
    "edges": np.linspace(0, 1, 6),
    "counts": [3, 1, 4, 1, 5],
    "table": np.array([[0.0, 1.0, -2.0], [0.5, -0.5, 2.0]]),
    "parts": [("a", 60.0, [("a1", 45.0), ("a2", 15.0)]), ("b", 30.0), ("c", 10.0), ("d", 0.0)],
}
SHOWN = "{http://www.w3.org/1999/xlink}href"
TITLED = {"id": "fit", "title": "A message", "description": "What it shows"}
AXES = {"x": {"term": "step"}, "y": {"term": "loss"}}


def plotted(*marks: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """Return the spec of a plot."""
    return TITLED | AXES | {"marks": list(marks)} | keys


# Each kind with the number of marks that its data ask for.
KINDS: dict[str, tuple[dict[str, Any], str, int]] = {
    "points": (plotted({"kind": "points", "x": "x", "y": "y", "errors": "half"}), "points", 7),
    "line": (plotted({"kind": "line", "x": "x", "y": "y", "label": "L"}), "line", 1),
    "markers": (plotted({"kind": "line", "x": "x", "y": "y", "markers": True}), "vertex", 7),
    "band": (plotted({"kind": "band", "x": "x", "low": "low", "high": "high"}), "band", 1),
    "bars": (plotted({"kind": "bars", "x": "names", "y": "y", "errors": "half"}), "bars", 7),
    "grouped": (
        plotted(
            {"kind": "bars", "x": "names", "y": "y", "role": "parameter", "label": "P"},
            {"kind": "bars", "x": "names", "y": "low", "role": "bias", "label": "B"},
        ),
        "bars",
        14,
    ),
    "stacked": (
        plotted(
            {"kind": "bars", "x": "names", "y": "y", "role": "parameter", "label": "P"},
            {"kind": "bars", "x": "names", "y": "low", "role": "bias", "label": "B", "stack": True},
        ),
        "bars",
        14,
    ),
    "histogram": (
        plotted({"kind": "histogram", "edges": "edges", "counts": "counts"}),
        "histogram",
        5,
    ),
    "segments": (plotted({"kind": "segments", "x": "x", "y": "y", "to": "high"}), "segments", 7),
    "rule": (plotted({"kind": "points", "x": "x", "y": "y"}, {"kind": "rule", "y": 3}), "rule", 1),
    "note": (
        plotted(
            {"kind": "points", "x": "x", "y": "y"},
            {"kind": "note", "x": 4, "y": 4.25, "label": "here"},
        ),
        "note",
        1,
    ),
    "heatmap": (
        TITLED
        | AXES
        | {"kind": "heatmap", "cells": "table", "value": {"label": "v", "format": ".1f"}},
        "heat",
        6,
    ),
    "treemap": (
        TITLED | {"kind": "treemap", "items": "parts", "value": {"term": "loss"}},
        "box",
        3,
    ),
}


def drawings(root: ET.Element) -> list[ET.Element]:
    """Return both drawings of a figure."""
    return list(root.iter("svg"))


def marks(drawing: ET.Element, name: str, root: ET.Element | None = None) -> list[ET.Element]:
    """Return the marks of a class, those too that one drawing shows of the other."""
    ids = [use.get(SHOWN, "")[1:] for use in drawing.iter("use")]
    used = [
        inner
        for e in (root or ())
        for one in e.iter()
        if one.get("id") in ids
        for inner in one.iter()
    ]
    found = []
    for element in (*drawing.iter(), *used):
        classes = set(element.get("class", "").split())
        if {"mark", name} <= classes:
            found.append(element)
        elif element.tag == "g" and name in classes:
            found += element.iter("rect")
    return found


def texts(root: ET.Element) -> list[str]:
    """Return every text that is drawn."""
    return ["".join(element.itertext()) for element in root.iter("text")]


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_marks_as_data(kind: str, studio: Any) -> None:
    """Each kind draws a mark for each value, in both drawings and in both languages."""
    spec, name, count = KINDS[kind]
    root = studio.figure(spec, NUMBERS)
    found = drawings(root)
    assert [d.get("class") for d in found] == ["wide", "narrow"]
    for drawing in found:
        assert len(marks(drawing, name, root)) == count


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_accessible(kind: str, studio: Any) -> None:
    """A drawing is an image named by its own title and description, and stays out of search."""
    root = studio.figure(KINDS[kind][0], NUMBERS)
    assert root.get("id") == "fit" and root.get("class") == "chart"
    for drawing in drawings(root):
        named = drawing.get("aria-labelledby", "").split()
        by_id = {e.get("id"): e.text for e in drawing.iter() if e.get("id")}
        assert [by_id[id] for id in named] == ["A message", "What it shows"]
        assert drawing.get("role") == "img" and "data-search-exclude" in drawing.attrib
        assert "width" not in drawing.attrib and drawing.get("viewBox")


@pytest.mark.parametrize("kind", KINDS)
def test_no_style_no_script_no_shared_id(kind: str, english: Any) -> None:
    """Looks come from classes; every id begins with the chart's and stands once."""
    html = english.html(KINDS[kind][0], NUMBERS)
    assert "style=" not in html and "<script" not in html
    assert "font" not in re.sub(r">[^<]*<", "><", html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) and all(id.startswith("fit") for id in ids)
    assert all(f'id="{id}"' in html for id in re.findall(r"url\(#([^)]+)\)", html))


@pytest.mark.parametrize("kind", KINDS)
def test_coordinates_stay_inside_and_short(kind: str, studio: Any) -> None:
    """Marks lie within the view box, and no coordinate has more than two decimals."""
    html = studio.html(KINDS[kind][0], NUMBERS)
    assert not re.search(r"\d\.\d{3}", re.sub(r">[^<]*<", "><", html))
    assert studio.html(KINDS[kind][0], NUMBERS) == html
    for drawing in drawings(ET.fromstring(html)):
        wide, tall = map(float, drawing.get("viewBox", "").split()[2:])
        for rect in drawing.iter("rect"):
            if {"mark"} <= set(rect.get("class", "").split()):
                x, y, w, h = (float(rect.get(k, "0")) for k in ("x", "y", "width", "height"))
                assert -0.01 <= x and x + w <= wide + 0.01 and -0.01 <= y and y + h <= tall + 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_drawn_text_is_not_typed_over(kind: str, studio: Any) -> None:
    """Labels beside marks do not lie on each other."""
    from explainer.site.charts.lettering import width

    for drawing in drawings(studio.figure(KINDS[kind][0], NUMBERS)):
        boxes = []
        for text in drawing.iter("text"):
            if "label" not in text.get("class", ""):
                continue
            wide = width("".join(text.itertext()))
            share = {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", ""), 0.0)
            x, y = float(text.get("x", "0")) - share * wide, float(text.get("y", "0"))
            boxes.append((x, y - 10, x + wide, y + 2))
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_positions_follow_the_values(english: Any) -> None:
    """Points on y = 2x + 1 lie on one straight line, left to right and bottom to top."""
    values = {"x": [0, 1, 2, 5], "y": [1, 3, 5, 11]}
    root = english.figure(plotted({"kind": "points", "x": "x", "y": "y", "role": "data"}), values)
    for drawing in drawings(root):
        spots = [(float(c.get("cx", "")), float(c.get("cy", ""))) for c in marks(drawing, "points")]
        slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(spots)]
        assert slopes == pytest.approx([slopes[0]] * 3, rel=1e-3) and slopes[0] < 0


def test_bars_start_at_zero_and_lengths_are_proportional(english: Any) -> None:
    """A bar of twice the value is twice as long, though the smallest value is far from zero."""
    values = {"n": ["a", "b", "c"], "y": [100.0, 200.0, -50.0]}
    root = english.figure(plotted({"kind": "bars", "x": "n", "y": "y"}), values)
    heights = [float(bar.get("height", "")) for bar in marks(drawings(root)[0], "bars")]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.02)
    assert heights[2] == pytest.approx(heights[0] / 2, abs=0.02)


def test_stacked_bars_stand_on_each_other(english: Any) -> None:
    """The second series begins where the first ends."""
    spec, _, _ = KINDS["stacked"]
    bars = marks(drawings(english.figure(spec, NUMBERS))[0], "bars")
    for below, above in zip(bars[:7], bars[7:], strict=True):
        end = float(above.get("y", "")) + float(above.get("height", ""))
        assert end == pytest.approx(float(below.get("y", "")), abs=0.02)


def test_long_names_turn_bars_on_their_side(chinese: Any, english: Any) -> None:
    """Names that do not fit below stand at the left, whole."""
    names = [f"a rather long name of component {letter}" for letter in "abcdef"]
    values = {"n": names, "y": [1.0, 2, 3, 4, 5, 6]}
    for studio in (chinese, english):
        for drawing in drawings(
            studio.figure(plotted({"kind": "bars", "x": "n", "y": "y"}), values)
        ):
            bars = marks(drawing, "bars")
            assert len({bar.get("x") for bar in bars}) == 1
            assert len({bar.get("width") for bar in bars}) == 6
            drawn = [
                " ".join(s.text or "" for s in t.iter("tspan")) or t.text
                for t in drawing.iter("text")
            ]
            assert set(names) <= set(drawn)


def test_log_is_said_in_words(english: Any, chinese: Any) -> None:
    """A logarithmic axis says so, in the page's language, with its unit."""
    y = {"term": "loss", "scale": "log", "unit": "nat"}
    spec = plotted({"kind": "line", "x": "x", "y": "y"}, y=y)
    assert "loss (nat), log scale" in texts(drawings(english.figure(spec, NUMBERS))[0])
    assert "损失（nat），对数刻度" in texts(drawings(chinese.figure(spec, NUMBERS))[0])


def test_terms_are_translated(english: Any, chinese: Any) -> None:
    """Names that are glossary ids appear in the page's language."""
    spec = plotted(
        {"kind": "bars", "x": "n", "y": "v"}, x={"term": "component", "term_names": True}
    )
    values = {"n": ["head", "loss"], "v": [1, 2]}
    assert {"head", "loss", "component"} <= set(texts(english.figure(spec, values)))
    assert {"输出层", "损失", "部件"} <= set(texts(chinese.figure(spec, values)))


def test_text_is_escaped(english: Any) -> None:
    """A label with markup in it is shown, not obeyed."""
    spec = plotted({"kind": "line", "x": "x", "y": "y", "label": "a &lt; b"})
    root = english.figure(spec, NUMBERS)
    assert "a < b" in texts(root)


def test_roles_differ_in_shape(english: Any) -> None:
    """Each role has a marker of its own, a dash of its own and a hatch of its own."""
    from explainer.site.charts.spec import ROLES

    shapes = set()
    for role in ROLES:
        spec = plotted({"kind": "points", "x": "x", "y": "y", "role": role})
        mark = marks(drawings(english.figure(spec, NUMBERS))[0], "points")[0]
        shapes.add((mark.tag, mark.get("d", ""), "cross" in mark.get("class", "")))
    assert len(shapes) == len(ROLES)
    several = [
        {"kind": "bars", "x": "names", "y": "y", "role": role, "label": role} for role in ROLES
    ]
    patterns = list(drawings(english.figure(plotted(*several), NUMBERS))[0].iter("pattern"))
    strokes = {"".join(p.get("d", "") for p in pattern.iter("path")) for pattern in patterns}
    assert len(strokes) == len(ROLES)


def test_squares_of_a_treemap_are_proportional(english: Any) -> None:
    """Areas are as the values: 60, 30 and 10 of the whole."""
    boxes = marks(drawings(english.figure(KINDS["treemap"][0], NUMBERS))[0], "box")
    areas = [float(b.get("width", "")) * float(b.get("height", "")) for b in boxes]
    assert [area / sum(areas) for area in areas] == pytest.approx([0.6, 0.3, 0.1], abs=1e-3)


def test_long_axis_names_wrap_on_a_phone(english: Any) -> None:
    """No line of an axis name is wider than its drawing, and none lies on the plot."""
    from explainer.site.charts.lettering import width

    name = "perplexity on text that the model has never seen before, counted in whole tokens"
    spec = plotted({"kind": "line", "x": "x", "y": "y"}, x={"label": name}, y={"label": name})
    for drawing in drawings(english.figure(spec, NUMBERS)):
        wide, tall = map(float, drawing.get("viewBox", "").split()[2:])
        named = [t for t in drawing.iter("text") if t.get("class") == "name"]
        for text in named:
            lines = [s.text or "" for s in text.iter("tspan")] or [text.text or ""]
            assert all(width(line) <= wide for line in lines)
            assert float(text.get("y", "")) + 16 * (len(lines) - 1) <= tall
        highest = min(
            float(t.get("y", "")) for t in drawing.iter("text") if t.get("class") == "tick"
        )
        rows = max(1, len(list(named[0].iter("tspan"))))
        assert float(named[0].get("y", "")) + 16 * (rows - 1) < highest - 10


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return the area that two boxes (left, top, right, bottom) share."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0.0) * max(tall, 0.0)


def test_lines_that_end_together_are_named_apart(studio: Any) -> None:
    """Three lines with nearly the same end are named apart, the one that ends highest above."""
    from explainer.site.charts.lettering import width

    values = {"t": [0, 1, 2], "a": [9, 4, 4.0], "b": [0, 2, 4.1], "c": [5, 5, 4.2]}
    roles = zip("abc", ("parameter", "bias", "vector"), strict=True)
    lines = [
        {"kind": "line", "x": "t", "y": name, "role": role, "label": f"run {name}"}
        for name, role in roles
    ]
    for drawing in drawings(studio.figure(plotted(*lines), values)):
        boxes, found = [], []
        for text in drawing.iter("text"):
            name = text.text or ""
            if name.startswith("run "):
                x, y = float(text.get("x", "")), float(text.get("y", ""))
                x -= {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", ""), 0.0) * width(name)
                boxes.append((x, y - 10, x + width(name), y + 2))
                found.append((y, name))
        assert [name for _, name in sorted(found)] == ["run c", "run b", "run a"]
        assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_no_rule_passes_through_a_value(english: Any) -> None:
    """A value stands above a rule that would strike it, and the rule's name between bars."""
    bars = {"kind": "bars", "x": "names", "y": "y", "role": "parameter"}
    rule = {"kind": "rule", "y": "mark", "label": "pass"}
    values = {"names": ["one", "two", "three"], "y": [5.0, 9.0, 9.0], "mark": 5.3}
    for drawing in drawings(english.figure(plotted(bars, rule), values)):
        (line,) = marks(drawing, "rule")
        level = float(re.split("[ HhLl]", line.get("d", ""))[1])
        heights = {t.text: float(t.get("y", "")) for t in drawing.iter("text")}
        assert heights["5"] < level
        corners = ("x", "y", "width")
        bars_at = [[float(b.get(at, "")) for at in corners] for b in marks(drawing, "bars")]
        for text in drawing.iter("text"):
            if text.text == "pass" and "label" in text.get("class", ""):
                left = float(text.get("x", "")) - {"middle": 15, "end": 30}.get(
                    text.get("text-anchor", ""), 0
                )
                beside = [(x, wide) for x, top, wide in bars_at if top < float(text.get("y", ""))]
                assert not any(left < x + wide and x < left + 30 for x, wide in beside)


def test_names_of_columns_all_stand_and_numbers_are_thinned(english: Any) -> None:
    """Where columns are narrow, words take turns on two or three lines; numbers leave some out."""
    from explainer.site.charts.lettering import width

    spec = KINDS["heatmap"][0] | {"x": {"label": "x", "values": "columns"}}
    words = [f"word{at}" for at in range(14)]
    for columns in (words, [str(1000 + at) for at in range(14)]):
        figure = english.figure(spec, {"table": np.eye(14), "columns": columns})
        wide, narrow = map(texts, drawings(figure))
        assert set(columns) <= set(wide)
        assert (set(columns) <= set(narrow)) == (columns is words)
        for drawing in drawings(figure):
            edge = float(drawing.get("viewBox", "").split()[2])
            named = [t for t in drawing.iter("text") if t.text in columns]
            assert all(float(t.get("x", "")) + width(t.text or "") / 2 < edge + 0.1 for t in named)


def test_a_part_with_a_name_has_its_figure(chinese: Any) -> None:
    """A box holds name and figure or neither, and a Chinese name parts between its words only."""
    parts = [
        ("注意力", 60.0),
        ("稠密前馈网络", 9.0),
        ("词元嵌入", 8.0),
        ("输出头", 4.0),
        ("归一化", 0.2),
    ]
    items = [{"name": name, "value": value} for name, value in parts]
    spec = TITLED | {"kind": "treemap", "items": "items", "value": {"term": "loss"}}
    for drawing in drawings(chinese.figure(spec, {"items": items})):
        found = [t for t in drawing.iter("text") if t.get("class") in ("box-name", "box-value")]
        assert [t.get("class") for t in found] == ["box-name", "box-value"] * (len(found) // 2)
        for text in found[::2]:
            lines = [line.text or "" for line in text.iter("tspan")]
            assert all(len(line) % 2 == 0 for line in lines)
        told = "".join(texts(drawing))
        assert all(name in told for name, _ in parts)


def test_a_crowd_gets_a_legend(studio: Any) -> None:
    """Where a name finds no free place, all names stand in a legend with their samples."""
    side = np.linspace(0, 1, 40)
    values = {"x": np.tile(side, 40), "y": np.repeat(side, 40)}
    clouds = [
        {"kind": "points", "x": "x", "y": "y", "role": role, "label": f"the cloud of {role}"}
        for role in ("data", "bias")
    ]
    for drawing in drawings(studio.figure(plotted(*clouds), values)):
        keys = [e for e in drawing.iter() if "key" in e.get("class", "").split()]
        assert len(keys) == 2
        assert {"the cloud of data", "the cloud of bias"} <= set(texts(drawing))


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=12))
def test_a_treemap_covers_its_area_once(values: list[float]) -> None:
    """Rectangles are as large as their values, lie inside, and never on each other."""
    from explainer.site.charts.treemap import Rect, squarified

    values = sorted(values, reverse=True)
    rects = squarified(values, Rect(10, 20, 300, 200))
    boxes = [(r.x, r.y, r.x + r.width, r.y + r.height) for r in rects]
    for value, rect in zip(values, rects, strict=True):
        assert rect.width * rect.height == pytest.approx(60_000 * value / sum(values), rel=1e-6)
    for i, a in enumerate(boxes):
        assert a[0] > 9.99 and a[1] > 19.99 and a[2] < 310.01 and a[3] < 220.01
        assert all(overlap(a, b) < 0.01 for b in boxes[:i])


def test_strips_hold_every_cell(english: Any) -> None:
    """Many cells are drawn row by row as strips of one shade; read back, they are the table."""
    table = np.random.default_rng(0).normal(size=(23, 31))
    table[3, 5:9] = 0.0
    spec = KINDS["heatmap"][0] | {"cells": "many"}
    root = english.figure(spec, {"many": table})
    shades = np.full(table.shape, np.nan)
    for group in root.iter("g"):
        if "strips" not in (group.get("class") or ""):
            continue
        sign = -1 if "role-neutral" in group.get("class", "") else 1
        for path in group.iter("path"):
            d = path.get("d", "").removeprefix("M0 .5")
            assert re.fullmatch(r"(m-?\d+ \d+h\d+)+", d)
            x = y = 0
            for right, down, length in re.findall(r"m(-?\d+) (\d+)h(\d+)", d):
                x, y = x + int(right), y + int(down)
                assert np.isnan(shades[y, x : x + int(length)]).all()  # no cell is drawn twice
                shades[y, x : x + int(length)] = sign * float(path.get("stroke-opacity", ""))
                x += int(length)
    reach = np.abs(table).max()
    np.testing.assert_allclose(np.nan_to_num(shades), table / reach, atol=1 / 32 + 0.005)
    np.testing.assert_array_equal(np.isnan(shades), np.abs(table / reach) * 16 < 0.5)
    wide, narrow = drawings(root)
    ids = {f"#{part.get('id')}" for part in wide.iter() if part.get("id")}
    shown = {use.get(SHOWN) for use in narrow.iter("use")}
    assert "#fit-cells" in shown <= ids


COORDINATES = st.floats(-2000, 2000)


@given(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=30))
def test_steps_lead_to_every_corner(points: list[tuple[float, float]]) -> None:
    """A curve's steps, added up as a browser does, pass within half a tenth of each point."""
    start, _, rest = polyline(points).partition("l")
    number = r"-?(?:\d+(?:\.\d+)?|\.\d+)"
    first = [float(n) for n in re.findall(number, start)]
    steps = np.array([float(n) for n in re.findall(number, rest)]).reshape(-1, 2)
    reached = np.cumsum(np.vstack([first, steps]), axis=0)
    np.testing.assert_allclose(reached, points, atol=0.0501)


def test_ticks_that_a_page_asks_for_stand_where_there_is_little_room(english: Any) -> None:
    """Below bars on their side, too: they are the author's, and none is left out."""
    bars = {"kind": "bars", "x": "names", "y": "y"}
    values = {"names": [f"a rather long name {n}" for n in range(3)], "y": [-0.2, 0.1, 0.3]}
    axis = {"label": "y", "format": ".1percent", "ticks": [-0.3, -0.15, 0, 0.15, 0.3]}
    for drawing in drawings(english.figure(plotted(bars, y=axis | {"min": -0.5}), values)):
        assert {"−30.0%", "−15.0%", "0.0%", "15.0%", "30.0%"} <= set(texts(drawing))
