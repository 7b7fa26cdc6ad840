"""What a chart refuses, with the key, the value and the fix."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

LINE = {"kind": "line", "x": [0, 1], "y": [1, 2]}
X, Y = {"term": "step"}, {"term": "loss"}
HEAT = {"kind": "heatmap", "value": Y}
TREE = {"kind": "treemap", "value": Y}

# What is written over a plot that is right, and words that the refusal must hold.
PLOTS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"colour": "red"}, ("'colour'", "use one of", "marks")),
    ({"kind": "pie"}, ("'pie'", "treemap")),
    ({"title": ""}, ("`title`", "missing")),
    ({"x": {"scale": "log"}}, ("x", "`term`", "`label`")),
    ({"x": {"term": "step", "label": "s"}}, ("exactly one",)),
    ({"y": {"term": "loss", "scale": "sqrt"}}, ("'sqrt'", "log")),
    ({"y": {"term": "loss", "scale": "log", "base": 3}}, ("base", "3", "2 or 10")),
    ({"y": {"term": "loss", "max": 1.5}}, ("2.0", "off the axis", "`max`")),
    ({"marks": []}, ("`marks`", "at least one")),
    ({"marks": ["line"]}, ("marks[0]", "'line'")),
    ({"marks": [{"kind": "area", "x": [1], "y": [1]}]}, ("'area'", "band")),
    ({"marks": [LINE | {"role": "blue"}]}, ("'blue'", "parameter")),
    ({"marks": [LINE | {"width": 3}]}, ("marks[0] (line)", "'width'")),
    ({"marks": [{"kind": "line", "x": [0, 1]}]}, ("`y`", "missing")),
    ({"marks": [LINE | {"y": [1, 2, 3]}]}, ("lengths differ", "`x` has 2", "`y` has 3")),
    ({"marks": [LINE | {"y": [1, float("nan")]}]}, ("marks[0].y[1]", "nan")),
    ({"marks": [LINE | {"y": [1, float("inf")]}]}, ("marks[0].y[1]", "inf")),
    ({"marks": [LINE | {"x": [], "y": []}]}, ("empty",)),
    ({"marks": [LINE | {"y": np.ones((2, 2))}]}, ("shape (2, 2)",)),
    ({"marks": [LINE | {"x": ["a", "b"]}]}, ("not a list of numbers", "category")),
    ({"marks": [LINE | {"label": "a", "term": "b"}]}, ("`term`", "`label`", "keep one")),
    ({"marks": [LINE, {"kind": "rule"}]}, ("exactly one", "`x`")),
    ({"marks": [{"kind": "rule", "y": 1}]}, ("no mark has a value",)),
    ({"y": Y | {"scale": "log"}, "marks": [LINE | {"y": [0, 2]}]}, ("0", "log scale")),
    ({"marks": [{"kind": "points", "x": [1], "y": [1], "errors": [[2, 3]]}]}, ("errors[0]",)),
    ({"marks": [{"kind": "band", "x": [1], "low": [2], "high": [1]}]}, ("low[0]", "above")),
    ({"marks": [{"kind": "histogram", "edges": [0, 1], "counts": [1, 2]}]}, ("one edge more",)),
    ({"marks": [{"kind": "histogram", "edges": [1, 0], "counts": [1]}]}, ("must rise",)),
    (
        {"y": Y | {"scale": "log"}, "marks": [{"kind": "bars", "x": ["a"], "y": [1]}]},
        ("bars compare lengths", "points"),
    ),
    ({"marks": [{"kind": "bars", "x": ["a", "a"], "y": [1, 2]}]}, ("twice",)),
    (
        {"x": X | {"scale": "linear"}, "marks": [{"kind": "bars", "x": ["a"], "y": [1]}]},
        ("'linear'", "category"),
    ),
]  # fmt: skip

WHOLE: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (HEAT | {"x": X, "y": Y, "cells": [1, 2]}, ("shape (2,)",)),
    (HEAT | {"x": X, "y": Y, "cells": [[1, float("nan")]]}, ("cells[0][1]", "nan")),
    (HEAT | {"x": X, "y": Y, "cells": np.ones((65, 65))}, ("4225", "4096")),
    (HEAT | {"x": X | {"values": ["a"]}, "y": Y, "cells": [[1, 2]]}, ("1 names", "2")),
    (HEAT | {"x": X, "y": Y, "cells": [[1]], "colours": "jet"}, ("'jet'", "diverging")),
    (TREE | {"items": []}, ("empty",)),
    (TREE | {"items": [("a", -1)]}, ("items[0]", "-1")),
    (TREE | {"items": [("a", 0)]}, ("nothing above 0",)),
    (TREE | {"items": [("a", 3, [("b", 1)])]}, ("add up to 1", "is 3")),
    (TREE | {"items": [{"size": 3}]}, ("`name`", "`value`")),
]


@pytest.mark.parametrize(("change", "told"), PLOTS)
def test_plots_refuse(change: dict[str, Any], told: tuple[str, ...], english: Any) -> None:
    """A mistake in a plot is a `ValueError` that names the chart, what is wrong and the fix."""
    with pytest.raises(ValueError, match=r"chart `fit`") as refusal:
        english.html(english.plot(LINE) | change)
    assert all(re.search(re.escape(word), str(refusal.value)) for word in told), refusal.value


@pytest.mark.parametrize(("spec", "told"), WHOLE)
def test_whole_figures_refuse(spec: dict[str, Any], told: tuple[str, ...], english: Any) -> None:
    """So is a mistake in a heatmap or treemap."""
    with pytest.raises(ValueError, match=r"chart `fit`") as refusal:
        english.html({"id": "fit", "title": "T", "description": "D"} | spec)
    assert all(re.search(re.escape(word), str(refusal.value)) for word in told), refusal.value


def test_the_plot_below_the_refusals_is_right(english: Any) -> None:
    """The plot that the refusals change would have been drawn."""
    assert english.html(english.plot(LINE)).count("<svg") == 2
