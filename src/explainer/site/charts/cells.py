"""The cells of a heatmap, each a unit wide and high; whoever shows them stretches them.

They are the heaviest thing on a page, so they are drawn once, for the wide drawing, and the narrow
one shows them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.site.charts.svg import tag, tooltip

FEW = 256  # cells that are a mark each, and can say what they are
NEGATIVE = "neutral"  # role of what lies below the base
_LEVELS = 16
_MINUS = 0.22  # half the length of the stroke, of a cell

Array = NDArray[Any]


def draw(shades: Array, role: str, told: Sequence[str], id: str) -> str:
    """Draw the cells.

    Args:
        shades: How dark each is, -1 to 1, rows first.
        role: Role of those above zero.
        told: What each says when pointed at, row by row; empty where that is written on it.
        id: Id of the whole.

    Returns:
        One group.
    """
    few = shades.size <= FEW
    kind = "heat" if few else "heat strips"
    groups = []
    for name, mine in ((role, shades >= 0), (NEGATIVE, shades < 0)):
        if mine.any():
            parts = _squares(shades, mine, told) if few else _strips(shades, mine)
            groups.append(tag("g", *parts, class_=f"{kind} role-{name}"))
    return tag("g", *groups, id=id)


def _squares(shades: Array, mine: Array, told: Sequence[str]) -> Iterator[str]:
    """Yield a square for each cell."""
    for row, column in np.argwhere(mine):
        title = tooltip(told[row * shades.shape[1] + column]) if told else ""
        shade = f"{abs(shades[row, column]):.2f}"
        at = {"x": str(column), "y": str(row)}
        yield tag("rect", title, **at, width="1", height="1", fill_opacity=shade)


def _strips(shades: Array, mine: Array) -> Iterator[str]:
    """Yield a path for each of a few shades: in every row, strips of cells that share it."""
    levels = np.abs(np.round(shades * _LEVELS)).astype(int)
    for level in np.unique(levels[mine & (levels > 0)]):
        moves, x, y = [], 0, 0
        for row, line in enumerate(mine & (levels == level)):
            start = 0
            for is_drawn, run in groupby(line):
                length = len(list(run))
                if is_drawn:
                    moves.append(f"m{start - x} {row - y}h{length}")
                    x, y = start + length, row
                start += length
        yield tag("path", d=f"M0 .5{''.join(moves)}", stroke_opacity=f"{level / _LEVELS:.2f}")


def minuses(shades: Array, id: str) -> str:
    """Draw a stroke on each cell below the base, as wide as a minus.

    Args:
        shades: As for `draw`.
        id: Id of the path.

    Returns:
        One path.
    """
    strokes = [
        f"M{column + 0.5 - _MINUS:.2f} {row}.5h{2 * _MINUS}"
        for row, column in np.argwhere(shades < 0)
    ]
    return tag("path", class_="minus", id=id, d="".join(strokes))
