"""Treemaps: parts of a whole as areas, one level of parts within parts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from explainer.site.charts import twin
from explainer.site.charts.lettering import LEADING, SIZE, by_words, width, wrap
from explainer.site.charts.numerals import formatted
from explainer.site.charts.plane import LAYOUTS, Layout
from explainer.site.charts.plot_data import axis_name
from explainer.site.charts.spec import ROLES, Page
from explainer.site.charts.svg import tag, tooltip, words

# Ink on the strongest tint keeps 4.5:1 in light and dark.
TINTS = (0.4, 0.30, 0.22, 0.15, 0.1)
_SMALL = {"en": "Too small for a name: ", "zh": "小得写不下名字的："}
_SHARE = {"en": "share", "zh": "占比"}
_PART_OF = {"en": "part of", "zh": "属于"}
_HEAD = LEADING + 6


@dataclass(frozen=True)
class Item:
    """One part: its name, its size, its role, and the parts that it is made of."""

    name: str
    value: float
    role: str
    parts: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Treemap:
    """A treemap, evaluated, largest part first."""

    items: tuple[Item, ...]
    name: str
    format: str
    expression: str

    @property
    def total(self) -> float:
        """Sum of all parts."""
        return math.fsum(item.value for item in self.items)


@dataclass(frozen=True)
class Rect:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


def evaluated(spec: Mapping[str, Any], page: Page, chart: str) -> Treemap:
    """Evaluate a treemap.

    Args:
        spec: A checked treemap.
        page: The page that evaluates.
        chart: Id of the chart.

    Returns:
        The treemap.

    Raises:
        ValueError: If an item is not a name and a size, or its parts do not add up to it.
    """
    value = page.evaluate(spec["items"]) if isinstance(spec["items"], str) else spec["items"]
    terms = bool(spec.get("term_names", False))
    items = _items(value, page, f"chart `{chart}`, items", spec.get("role", "parameter"), terms)
    if not any(item.value for item in items):
        raise ValueError(
            f"chart `{chart}`, items: nothing above 0; a treemap shows parts of a whole"
        )
    return Treemap(
        items,
        axis_name(spec["value"], page),
        str(spec["value"].get("format", "")),
        str(spec["items"]),
    )


def _items(value: Any, page: Page, where: str, role: str, terms: bool) -> tuple[Item, ...]:
    found = [_item(one, page, f"{where}[{i}]", role, terms) for i, one in enumerate(value)]
    if not found:
        raise ValueError(f"{where} is empty; give (name, value) pairs")
    return tuple(sorted(found, key=lambda item: -item.value))


def _item(one: Any, page: Page, where: str, role: str, terms: bool) -> Item:
    """Read a tuple (name, value, parts), a mapping, or a dataclass with such fields."""
    if is_dataclass(one) and not isinstance(one, type):
        one = {field.name: getattr(one, field.name) for field in fields(one)}
    if not isinstance(one, Mapping):
        if isinstance(one, str) or not hasattr(one, "__len__") or len(one) not in (2, 3):
            raise ValueError(f"{where} is {one!r}; write (name, value) or (name, value, parts)")
        one = dict(zip(("name", "value", "parts"), one, strict=False))
    if "name" not in one or "value" not in one:
        raise ValueError(f"{where} has {sorted(one)}; it needs `name` and `value`")
    size, role = float(one["value"]), one.get("role", role)
    if not math.isfinite(size) or size < 0:
        raise ValueError(f"{where} ({one['name']}) is {size}; a part is a finite size from 0")
    if role not in ROLES:
        raise ValueError(f"{where}: role {role!r} is unknown; use one of: {', '.join(ROLES)}")
    name = page.term(str(one["name"])) if terms else str(one["name"])
    inner = one.get("parts")
    parts = _items(inner, page, f"{where}.parts", role, terms) if inner else ()
    within = math.fsum(part.value for part in parts)
    if parts and not math.isclose(within, size, rel_tol=1e-9):
        raise ValueError(
            f"{where} ({name}) is {size:g}, its parts add up to {within:g}; name the rest"
        )
    return Item(name, size, role, parts)


def squarified(values: Sequence[float], area: Rect) -> list[Rect]:
    """Divide an area in proportion to values, in rows of rectangles as square as can be.

    Args:
        values: Sizes above zero, largest first.
        area: What to divide.

    Returns:
        A rectangle for each value.

    References:
        Bruls, Huizing, van Wijk 2000, Squarified Treemaps, section 3.
    """
    scale = area.width * area.height / math.fsum(values)
    rest, placed = list(values), []
    while rest:
        side = min(area.width, area.height)
        count = 1
        while count < len(rest) and _worst(rest[: count + 1], side, scale) <= _worst(
            rest[:count], side, scale
        ):
            count += 1
        depth = math.fsum(rest[:count]) * scale / side
        offset = 0.0
        for value in rest[:count]:
            length = value * scale / depth
            if area.width >= area.height:
                placed.append(Rect(area.x, area.y + offset, depth, length))
            else:
                placed.append(Rect(area.x + offset, area.y, length, depth))
            offset += length
        if area.width >= area.height:
            area = Rect(area.x + depth, area.y, area.width - depth, area.height)
        else:
            area = Rect(area.x, area.y + depth, area.width, area.height - depth)
        rest = rest[count:]
    return placed


def _worst(row: Sequence[float], side: float, scale: float) -> float:
    """Return the largest ratio of sides in a row of areas."""
    depth = math.fsum(row) * scale / side
    lengths = [value * scale / depth for value in row]
    return max(max(depth / length, length / depth) for length in lengths)


def draw(tree: Treemap, layout: Layout, language: str, height: float | None) -> tuple[str, float]:
    """Draw a treemap.

    Args:
        tree: The treemap.
        layout: The drawing that it is for.
        language: `zh` or `en`.
        height: Height that the author set for the wide layout.

    Returns:
        SVG markup without its root, and the height of the view box.
    """
    tall = layout.height * (height / LAYOUTS[0].height if height else 1)
    shown = [item for item in tree.items if item.value]
    top = LEADING + 6
    area = Rect(1, top, layout.width - 2, tall - top - 1)
    rects = squarified([item.value for item in shown], area)
    joint = "：" if language == "zh" else ": "
    total = f"{tree.name}{joint}{formatted(tree.total, tree.format, language)}"
    parts = [words([total], x=0, y=SIZE, anchor="start", class_="name")]
    nameless = []
    for place, (item, rect) in enumerate(zip(shown, rects, strict=True)):
        tint = TINTS[min(place, len(TINTS) - 1)]
        inner = [part for part in item.parts if part.value]
        roomy = rect.height > _HEAD + 40 and rect.width > 60
        box = _box(tree, item, item.name, rect, tint, language, head=bool(inner) and roomy)
        parts.append(box)
        if "<text" not in box:
            nameless.append(item)
        if inner and roomy:
            parts += _inside(tree, item, inner, rect, tint, language)
    lines = _named_below(tree, nameless, layout.width, language)
    if lines:
        y = tall + LEADING
        parts.append(words(lines, x=0, y=y, anchor="start", class_="tick", leading=LEADING))
    return "".join(parts), tall + (len(lines) * LEADING + 6 if lines else 0)


def _inside(
    tree: Treemap, item: Item, inner: Sequence[Item], rect: Rect, tint: float, language: str
) -> list[str]:
    """Draw the parts of a part, below its name."""
    body = Rect(rect.x + 4, rect.y + _HEAD, rect.width - 8, rect.height - _HEAD - 4)
    boxes = squarified([part.value for part in inner], body)
    return [
        _box(tree, part, f"{item.name} · {part.name}", box, tint, language, inside=True)
        for part, box in zip(inner, boxes, strict=True)
    ]


def _named_below(
    tree: Treemap, nameless: Sequence[Item], room: float, language: str
) -> tuple[str, ...]:
    """Name the parts whose boxes hold no text."""
    if not nameless:
        return ()
    joint = "，" if language == "zh" else ", "
    told = [f"{item.name} {formatted(item.value, tree.format, language)}" for item in nameless]
    return wrap(_SMALL[language] + joint.join(told), room)


def _box(
    tree: Treemap,
    item: Item,
    told: str,
    rect: Rect,
    tint: float,
    language: str,
    *,
    head: bool = False,
    inside: bool = False,
) -> str:
    value = formatted(item.value, tree.format, language)
    share = formatted(item.value / tree.total, ".1percent", language)
    box = tag(
        "rect",
        tooltip(f"{told} · {value} · {share}"),
        class_=f"mark {'frame-in' if inside else 'box'} role-{item.role}",
        x=rect.x,
        y=rect.y,
        width=rect.width,
        height=rect.height,
        fill_opacity=None if inside else f"{tint:.2f}",
    )
    if head:
        line = f"{item.name} · {value} · {share}"
        short = line if width(line) <= rect.width - 12 else item.name
        return box + words([short], x=rect.x + 7, y=rect.y + 16, anchor="start", class_="box-name")
    return box + _lettering(item.name, [value, share], rect)


def _lettering(name: str, figures: Sequence[str], rect: Rect) -> str:
    """Write the name and as many figures below it as the box holds; nothing where none fits."""
    room = rect.width - 12
    lines = by_words(name, room)
    rows = int((rect.height - 6) // LEADING)
    below = [figure for figure in figures if width(figure) <= room][: rows - len(lines)]
    if max(map(width, lines)) > room or len(lines) > rows or not below:
        return ""
    x, y = rect.x + 7, rect.y + 17
    text = words(lines, x=x, y=y, anchor="start", class_="box-name", leading=LEADING)
    y += len(lines) * LEADING
    return text + words(below, x=x, y=y, anchor="start", class_="box-value", leading=LEADING)


def table(tree: Treemap, language: str) -> str:
    """Return the table twin of a treemap: every part, its size and its share of the whole."""
    rows = [(item, "–") for item in tree.items]
    rows = [
        row
        for item, _ in rows
        for row in [(item, "–"), *((part, item.name) for part in item.parts)]
    ]
    columns = [
        twin.TwinColumn(twin.word("name", language), [item.name for item, _ in rows], is_name=True)
    ]
    if any(item.parts for item in tree.items):
        columns.append(
            twin.TwinColumn(_PART_OF[language], [whole for _, whole in rows], is_name=True)
        )
    values = [formatted(item.value, tree.format, language) for item, _ in rows]
    shares = [formatted(item.value / tree.total, "percent", language) for item, _ in rows]
    columns.append(twin.TwinColumn(tree.name, values, tree.expression))
    columns.append(twin.TwinColumn(_SHARE[language], shares, tree.expression))
    return twin.table(columns, tree.name, language)
