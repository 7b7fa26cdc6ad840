"""Widgets: the place of an instrument on a page, with its values and its table.

What an author writes, in a `widget` fence, is YAML:

```yaml
id: by-hand                      # required, unique on the page
kind: line                       # required: the module theme/assets/widgets/line.js
title: "Drag the points"         # required template: the one message, above the widget
height: [420, 520]               # required: pixels kept free in a wide and in a narrow column
data: {x: noisy.x, y: noisy.y}   # required: names for the module, each an expression over runs
rows: noisy.rows                 # required, with `columns`: the table twin, as in a `table` fence
columns: {point: "{{ row['n'] }}"}
caption: "…"                     # template, below the widget
```

The figure holds an element `<explainer-line>`, whose script comes when the reader comes near. Until
then, and without scripts, the table twin stands in its place. Values lie in a template as JSON,
exact: floats as their shortest decimals, arrays of float32 as `{"float32": …}`. The labels of the
kind, in the page's language, come from `widgets.toml` and lie beside them.
"""

from __future__ import annotations

import functools
import json
import math
import tomllib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainer.site import tables
from explainer.site.encoding import Opaque, Record
from explainer.site.inline import fill, plain
from explainer.site.values import Quoted, QuoteError

if TYPE_CHECKING:
    from explainer.site.extension import Quoting

REQUIRED = ("id", "kind", "title", "height", "data", "rows", "columns")
KEYS = {*REQUIRED, "caption"}
LABELS = Path(__file__).with_name("widgets.toml")
# Beyond it a double of JavaScript has gaps.
MAX_INTEGER = 2**53


def widget(spec: dict[str, Any], state: Quoting) -> str:
    """Return a widget fence as HTML.

    Args:
        spec: What the author wrote, parsed from YAML.
        state: The page's quoting.

    Raises:
        Refusal: If a key is unknown or lacking, or a value cannot be given to a script.
    """
    where = f"id: {spec.get('id')}"
    for wrong, fix in _wrong(spec):
        raise state.refuse(wrong, fix, where, "```widget")
    id, kind = str(spec["id"]), str(spec["kind"])
    quoted = {name: value(spec, name, state) for name in spec["data"]}
    try:
        data = {name: plain_data(one.value) for name, one in quoted.items()}
    except ValueError as error:
        raise state.refuse(f"widget {id}: {error}", "quote something else", where) from error
    title = fill(state, str(spec["title"]))
    caption = fill(state, str(spec.get("caption", "")))
    twin = tables.grid(spec, state, label=plain(title))
    given = {"data": data, "words": labels(kind, state.page.language)}
    text = json.dumps(given, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    source = next(source for one in quoted.values() for source in one.sources)
    wide, narrow = spec["height"]
    measured = any(one.kind == "measured" for one in quoted.values())
    mark = ' data-kind="measured" data-search-exclude' if measured else ""
    below = f'<p class="chart-caption">{caption}</p>' if caption else ""
    return (
        f'<figure class="widget" id="{escape(id)}"{mark}>'
        f'<figcaption class="chart-title">{title}</figcaption>'
        f'<explainer-{kind} class="widget-face" data-run="{escape(source.run)}" '
        f'data-source="{escape(source.path)}:{source.line}" '
        f'style="--wide: {wide}px; --narrow: {narrow}px">'
        # A template, as instant navigation would run a script, whatever its type.
        f"<template data-search-exclude>{escape(text, quote=False)}</template>"
        f'<div class="widget-twin" data-search-exclude>{twin}</div>'
        f"</explainer-{kind}>{below}</figure>"
    )


def _wrong(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with the keys, each with its fix."""
    known = sorted(set(read_labels()) - {"all"})
    found = [
        (f"a widget has no `{key}`", f"give {', '.join(REQUIRED)}")
        for key in REQUIRED
        if not spec.get(key)
    ]
    found += [
        (f"a widget has an unknown key `{key}`", f"the keys are {', '.join(sorted(KEYS))}")
        for key in sorted(set(spec) - KEYS)
    ]
    if not found and spec["kind"] not in known:
        found.append((f"there is no widget {spec['kind']!r}", f"there are: {', '.join(known)}"))
    if not found and not isinstance(spec["data"], dict):
        found.append(("`data` is no mapping of names to expressions", "write `data: {x: noisy.x}`"))
    height = spec.get("height")
    is_pair = isinstance(height, list) and [type(one) for one in height] == [int, int]
    if not found and not is_pair:
        found.append(
            (f"`height` (={height!r}) is no pair of pixels", "wide and narrow: [420, 520]")
        )
    return found


def value(spec: Mapping[str, Any], name: str, state: Quoting) -> Quoted:
    """Evaluate one expression of `data`; a cited fact is noted like any other.

    Raises:
        Refusal: If it fails, or uses no value of a run.
    """
    expression = str(spec["data"][name])
    try:
        quoted = state.page.scope.evaluate(expression)
    except QuoteError as error:
        raise state.refuse(error.message, error.fix, expression) from error
    state.facts += [source for source in quoted.sources if source.fact is not None]
    return quoted


def plain_data(value: Any) -> Any:
    """Return a value as JSON takes it, exactly.

    Raises:
        ValueError: If it is not finite, an integer that a double cannot hold, or of a type that
            a script cannot be given.

    Examples:
        >>> import numpy as np
        >>> plain_data({"w": np.array([0.1, 2.0], np.float32), "n": 3, "names": ("a", "b")})
        {'w': {'float32': [0.1, 2]}, 'n': 3, 'names': ['a', 'b']}
    """
    if isinstance(value, Opaque):
        raise ValueError(value.reason)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError(f"{value} is beyond the integers of a script; give it as text")
        return value
    if isinstance(value, float):
        return _shortest(value, repr(value))
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): plain_data(item) for name, item in value.items()}
    if isinstance(value, Record):
        return {k: plain_data(v) for k, v in vars(value).items() if not k.startswith("_")}
    if hasattr(value, "dtype") and value.dtype == "float32":
        # Fewer digits tell a float32 from its neighbours; the script rounds them back.
        return {"float32": _nested(value)}
    if hasattr(value, "dtype") and value.dtype.kind in "iufbU":
        return plain_data(value.tolist())
    raise ValueError(f"a value of type {type(value).__name__} cannot be given to a script")


def _nested(array: Any) -> Any:
    if array.ndim:
        return [_nested(part) for part in array]
    return _shortest(float(array), str(array))


def _shortest(value: float, decimals: str) -> float | int:
    """Return the number that JSON writes in the fewest digits; −0 stays a float."""
    if not math.isfinite(value):
        raise ValueError(f"a value is {value}; a script is given finite numbers only")
    is_whole = value.is_integer() and abs(value) < MAX_INTEGER and math.copysign(1, value) > 0
    return int(value) if is_whole else float(decimals)


@functools.lru_cache(maxsize=1)
def read_labels() -> dict[str, dict[str, dict[str, str]]]:
    """Return the labels of every kind, and of `all`: by name, then by language."""
    return tomllib.loads(LABELS.read_text(encoding="utf-8"))


def labels(kind: str, language: str) -> dict[str, str]:
    """Return what a kind's script shows, in one language.

    Examples:
        >>> labels("line", "en")["reset"]
        'Reset'
    """
    found = read_labels()
    return {name: texts[language] for name, texts in (found["all"] | found[kind]).items()}
