"""What a reader's browser is sent for a widget."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
import rjsmin

import explainer.site

ASSETS = Path(explainer.site.__file__).parent / "theme" / "assets"
SCRIPTS = sorted([*ASSETS.glob("widgets/*.js"), *ASSETS.glob("compute/*.js")])
SHARED = [ASSETS / "widgets" / f"{name}.js" for name in ("base", "plot")]
KINDS = sorted({*ASSETS.glob("widgets/*.js")} - {*SHARED})
MOST_BYTES = 6_000
# What a script imports at once; what comes by `import()`, on demand, is not waited for.
IMPORT = re.compile(r"""from\s*["'](\.{1,2}/[^"']+)["']""")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_scripts_are_small(path: Path) -> None:
    """A widget's own script, and what it computes with, take at most 6 KB each, compressed."""
    assert len(gzip.compress(path.read_bytes(), compresslevel=6)) <= MOST_BYTES


@pytest.mark.parametrize("kind", KINDS, ids=lambda path: path.stem)
def test_a_widget_comes_light(kind: Path) -> None:
    """With all that it needs to stand, a widget takes at most 6 KB, published and compressed."""
    others = set[Path]().union(*map(needed, [ASSETS / "page.js", ASSETS / "receipt.js", *SHARED]))
    own = needed(kind) - others
    texts = {path.stem: rjsmin.jsmin(path.read_text(encoding="utf-8")) for path in own}
    sizes = {name: len(gzip.compress(text.encode())) for name, text in texts.items()}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def needed(script: Path) -> set[Path]:
    """Return a script with all that it imports at once."""
    found, left = set[Path](), {script}
    while left:
        path = left.pop()
        found.add(path)
        names = IMPORT.findall(path.read_text(encoding="utf-8"))
        left |= {(path.parent / name).resolve() for name in names} - found
    return found
