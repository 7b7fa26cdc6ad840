"""What an author may write in a chart, and the message for everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ROLES = ("parameter", "bias", "vector", "error", "data", "seal", "neutral")

_TEXTS = {"id", "kind", "title", "description", "caption"}
_KEYS = {
    "plot": _TEXTS | {"x", "y", "marks", "height"},
    "heatmap": _TEXTS | {"x", "y", "cells", "value", "colours", "role"},
    "treemap": _TEXTS | {"items", "value", "term_names", "role", "height"},
}
_AXIS = {"term", "label", "unit", "format"}
_PLOT_AXIS = _AXIS | {
    "scale", "base", "zero", "min", "max", "ticks", "values", "term_names",
}  # fmt: skip
_NAME_AXIS = _AXIS - {"unit", "format"} | {"values", "term_names"}

_COMMON = {"kind", "role", "label", "term"}
# Keys of each mark: those it needs, then those it may have.
MARKS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "points": (frozenset({"x", "y"}), frozenset({"errors", "names"})),
    "line": (frozenset({"x", "y"}), frozenset({"markers"})),
    "band": (frozenset({"x", "low", "high"}), frozenset()),
    "bars": (frozenset({"x", "y"}), frozenset({"errors", "stack"})),
    "histogram": (frozenset({"edges", "counts"}), frozenset()),
    "rule": (frozenset(), frozenset({"x", "y"})),
    "segments": (frozenset({"x", "y", "to"}), frozenset()),
    "note": (frozenset({"x", "y", "label"}), frozenset()),
}


@dataclass(frozen=True)
class Page:
    """What a chart asks of the page that it stands on.

    Args:
        evaluate: Gives the Python value of an expression over runs.
        text: Renders a template to HTML.
        plain: Renders a template to plain text.
        term: Gives the name of a glossary term in the page's language.
        language: `zh` or `en`.
    """

    evaluate: Callable[[str], Any]
    text: Callable[[str], str]
    plain: Callable[[str], str]
    term: Callable[[str], str]
    language: str


def check(spec: Mapping[str, Any], chart: str) -> str:
    """Check the keys of a chart and return its kind.

    Args:
        spec: The chart as written, parsed from YAML.
        chart: Its id, for messages.

    Returns:
        `plot`, `heatmap` or `treemap`.

    Raises:
        ValueError: On a key, kind or role that is unknown, or one that is missing.
    """
    kind = spec.get("kind", "plot")
    if kind not in _KEYS:
        raise ValueError(_unknown(f"chart `{chart}`: kind", kind, _KEYS))
    _keys(spec, _KEYS[kind], f"chart `{chart}`")
    _required(spec, {"title", "description"}, f"chart `{chart}`")
    if kind == "plot":
        for side in ("x", "y"):
            _axis(spec, side, _PLOT_AXIS, chart)
        marks = spec.get("marks")
        if not isinstance(marks, list) or not marks:
            raise ValueError(
                f"chart `{chart}`: `marks` is missing or empty; list at least one mark"
            )
        for index, mark in enumerate(marks):
            _mark(mark, f"chart `{chart}`, marks[{index}]")
    elif kind == "heatmap":
        _required(spec, {"cells"}, f"chart `{chart}`")
        _axis(spec, "x", _NAME_AXIS, chart)
        _axis(spec, "y", _NAME_AXIS, chart)
        _axis(spec, "value", _AXIS, chart)
    else:
        _required(spec, {"items"}, f"chart `{chart}`")
        _axis(spec, "value", _AXIS, chart)
    _role(spec, f"chart `{chart}`")
    return str(kind)


def _mark(mark: Any, where: str) -> None:
    if not isinstance(mark, Mapping):
        raise ValueError(f"{where} is {mark!r}; write a mapping such as {{kind: line, x: …, y: …}}")
    kind = str(mark.get("kind"))
    if kind not in MARKS:
        raise ValueError(_unknown(f"{where}: kind", kind, MARKS))
    needed, allowed = MARKS[kind]
    _keys(mark, _COMMON | needed | allowed, f"{where} ({kind})")
    _required(mark, needed, f"{where} ({kind})")
    _role(mark, where)
    if kind == "rule" and ("x" in mark) == ("y" in mark):
        raise ValueError(f"{where} (rule): give exactly one of `x` and `y`, the value it stands at")
    if "term" in mark and "label" in mark:
        raise ValueError(f"{where}: has both `term` and `label`; keep one")


def _axis(spec: Mapping[str, Any], side: str, allowed: set[str], chart: str) -> None:
    where = f"chart `{chart}`, {side}"
    axis = spec.get(side)
    if not isinstance(axis, Mapping):
        raise ValueError(f"{where} is {axis!r}; write a mapping such as {{term: loss}}")
    _keys(axis, allowed, where)
    if ("term" in axis) == ("label" in axis):
        raise ValueError(
            f"{where}: an axis needs a name; give exactly one of `term` (a glossary id) "
            "and `label` (words of this page)"
        )
    scale = axis.get("scale", "linear")
    if scale not in ("linear", "log", "category"):
        raise ValueError(_unknown(f"{where}: scale", scale, ("linear", "log", "category")))
    if axis.get("base", 10) not in (2, 10):
        raise ValueError(f"{where}: `base` (={axis['base']!r}) must be 2 or 10")
    if side == "y" and "y" in spec and scale == "category" and "marks" in spec:
        raise ValueError(f"{where}: names stand on x; long ones turn to the left by themselves")


def _keys(given: Mapping[str, Any], allowed: set[str] | frozenset[str], where: str) -> None:
    for key in given:
        if key not in allowed:
            raise ValueError(_unknown(f"{where}: key", key, allowed))


def _required(given: Mapping[str, Any], needed: set[str] | frozenset[str], where: str) -> None:
    for key in sorted(needed):
        value = given.get(key)
        if value is None or (isinstance(value, str) and not value):
            raise ValueError(f"{where}: key `{key}` is missing; add it")


def _role(given: Mapping[str, Any], where: str) -> None:
    if "role" in given and given["role"] not in ROLES:
        raise ValueError(_unknown(f"{where}: role", given["role"], ROLES))


def _unknown(what: str, value: Any, allowed: Any) -> str:
    return f"{what} {value!r} is unknown; use one of: {', '.join(sorted(allowed))}"
