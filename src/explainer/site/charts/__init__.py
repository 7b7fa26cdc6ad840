"""The charts of the site: drawn at build as inline SVG, without a library and without a script.

What an author writes, in a `chart` fence, is YAML. An *expression* is what stands inside `{{ }}`
(without them): a list or an array of a run's. A *template* is words that may hold `{{ }}`.

```yaml
id: fit                                # required, unique on the page
title: "Two numbers hold the line"     # required template: the one message, above the plot
description: "Points rise from …"      # required template: what to know without seeing it
caption: "Residuals in …"              # template, below the plot
height: 330                            # of the wide drawing (600 wide); leave it out
x: {term: x-value, unit: "…"}          # an axis, see below
y: {term: loss, scale: log, format: ".2f"}
marks:                                 # at least one; drawn areas first, points last
  - {kind: points, x: line.x, y: line.y, role: data, label: "measured"}
```

**Axes** need a name: `term` (glossary id) or `label` (template). Further keys: `unit` (template),
`scale` (`linear`, `log`, or on x `category`: names side by side), `base` of a log scale (10 or 2),
`zero: true` (bars and histograms always start at zero), `format` (as in `{{ }}`: `.2f`, `count`,
`bytes`, `percent`, …), `min`, `max`, `ticks` (numbers or expressions; values outside are refused).
For names: `values` (their order) and `term_names: true` (they are glossary ids). Names that are
too long for a column turn the plot on its side by themselves.

**Marks.** All take `role` and one of `label` (template) and `term` (glossary id).

| kind | needs | may have |
| --- | --- | --- |
| `points` | `x`, `y` | `errors`, `names` (one a point, written where there is room) |
| `line` | `x`, `y` | `markers: true` (show its points) |
| `band` | `x`, `low`, `high` | the spread around a line: give both the same role |
| `bars` | `x` (names), `y` | `errors`, `stack: true` (stand on the series before) |
| `histogram` | `edges`, `counts` | one edge more than counts |
| `rule` | `x` or `y` (one number) | a reference line |
| `segments` | `x`, `y`, `to` | from (x, y) to (x, to): residuals |
| `note` | `x`, `y`, `label` | a ring around one place, with words |

`errors` is half a width for each value, or a pair (low, high) for each. Labels stand beside what
they name; where they would collide, a legend takes their place.

**Roles** say what values are, and have a colour, a marker, a dash and a hatch each: `parameter`,
`bias`, `vector`, `error`, `data`, `seal` (computed), `neutral` (the default).

**Whole figures.** `kind: heatmap` takes `cells` (rows of numbers, at most 4096), `x` and `y` with
`term` or `label` and `values` (names; without them, indices), `value` (name, unit and format of a
cell), `colours` (`sequential` or `diverging`; by default what the signs ask for), and `role`.
`kind: treemap` takes `items` (name and value, then a list of parts where it has some, which add up
to it; tuples, mappings or dataclasses with `name`, `value`, `parts`, `role`), `value` (name, unit
and format), `term_names`, `role` and `height`.

Each figure has two drawings, for columns above and below 520 pixels, so that text keeps its size;
charts.css shows one. Below it all numbers stand in a folded table; beyond 200 rows it is thinned
evenly and says so. The same values give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Any

from explainer.site.charts import heatmap, plot, plot_data, treemap, twin
from explainer.site.charts.plane import LAYOUTS, Layout
from explainer.site.charts.spec import Page, check
from explainer.site.charts.svg import tag, tooltips_dropped

__all__ = ["figure"]

_Draw = Callable[[Layout], tuple[str, float]]


def figure(
    spec: Mapping[str, Any],
    *,
    evaluate: Callable[[str], Any],
    text: Callable[[str], str],
    term: Callable[[str], str],
    language: str,
    id: str,
    plain: Callable[[str], str] | None = None,
) -> str:
    """Return a chart as a `<figure>` with its drawings and its table twin.

    Args:
        spec: What the author wrote, parsed from YAML.
        evaluate: Gives the Python value of an expression over runs.
        text: Renders a template to HTML.
        term: Gives the name of a glossary term in the page's language.
        language: `zh` or `en`.
        id: Id of the figure; every id inside begins with it.
        plain: Renders a template to plain text; by default `text` without its tags.

    Returns:
        HTML.

    Raises:
        ValueError: If a key is unknown or missing, or a value cannot be drawn; the message names
            the key, the value and the fix.

    Examples:
        >>> spec = {"id": "fit", "title": "A line", "description": "It rises."}
        >>> spec |= {"x": {"label": "x"}, "y": {"label": "y"}}
        >>> spec |= {"marks": [{"kind": "line", "x": [0, 1], "y": [1, 3]}]}
        >>> html = figure(spec, evaluate=eval, text=str, term=str, language="en", id="fit")
        >>> html.count("<svg"), html.count('class="mark line')
        (2, 2)
    """
    page = Page(evaluate, text, plain or (lambda template: _bare(text(template))), term, language)
    kind = check(spec, id)
    draw, tables = _prepared(kind, spec, page, id)
    drawings = [_root(draw, layout, spec, page, id) for layout in LAYOUTS]
    # The message is the figure's caption, so that it is also its accessible name.
    title = tag("figcaption", text(spec["title"]), class_="chart-title")
    caption = tag("p", text(spec["caption"]), class_="chart-caption") if spec.get("caption") else ""
    folded = twin.details(tables, language)
    parts = (title, *drawings, caption, folded)
    return tag("figure", *parts, class_="chart", id=id, data_chart=kind)


def _prepared(kind: str, spec: Mapping[str, Any], page: Page, id: str) -> tuple[_Draw, list[str]]:
    """Evaluate once; both drawings and the table use the same values."""
    language, height = page.language, spec.get("height")
    if kind == "heatmap":
        heat = heatmap.evaluated(spec, page, id)
        tables = [heatmap.table(heat, language)]
        return lambda layout: heatmap.draw(heat, layout, language, id), tables
    if kind == "treemap":
        tree = treemap.evaluated(spec, page, id)
        tables = [treemap.table(tree, language)]
        return lambda layout: treemap.draw(tree, layout, language, height), tables
    found = plot_data.evaluated(spec, page, id)
    tables = twin.plot_tables(found, language)
    return lambda layout: plot.draw(found, layout, language, height), tables


def _root(draw: _Draw, layout: Layout, spec: Mapping[str, Any], page: Page, id: str) -> str:
    name = f"{id}-{layout.name}"
    body, height = draw(layout)
    if layout != LAYOUTS[0]:  # a phone has nothing to point with
        body = tooltips_dropped(body)
    return tag(
        "svg",
        tag("title", escape(page.plain(spec["title"])), id=f"{name}-title"),
        tag("desc", escape(page.plain(spec["description"])), id=f"{name}-desc"),
        body,
        class_=layout.name,
        viewBox=f"0 0 {layout.width:g} {height:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        data_search_exclude="",
    )


def _bare(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))
