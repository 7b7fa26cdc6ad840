"""Files that snippets make for readers to take home, such as a workbook.

A snippet puts them into a dictionary at the top level, name to bytes as an array of `uint8`:

    downloads = {"lines.xlsx": np.fromfile("lines.xlsx", np.uint8)}

The array is stored with the run like any other value, and a page of any chapter links to
`../downloads/<chapter>/lines.xlsx`. The names stand literally in the snippet, so that a link can be
checked before anything has run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from explainer.site import environment
from explainer.site.errors import Problem
from explainer.site.runs import Run

VALUE = "downloads"
_URI = re.compile(rf"{VALUE}/(?P<chapter>[^/]+)/(?P<name>[^/]+)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)+")
_FIX = 'write `downloads = {"name.xlsx": np.fromfile("name.xlsx", np.uint8)}`'


def is_named(root: Path, uri: str) -> bool:
    """Return whether a snippet says that it makes a file.

    Args:
        root: The project's root.
        uri: `downloads/<chapter>/<name>`, as seen from the site's root.
    """
    found = _URI.fullmatch(uri)
    if found is None:
        return False
    sources = sorted((root / "snippets" / found["chapter"]).glob("*.py"))
    return any(found["name"] in _names(path.read_text(encoding="utf-8")) for path in sources)


def write(runs: Mapping[str, Run], folder: Path) -> list[str]:
    """Write the files of all runs; touch only what changes.

    Args:
        runs: Runs by snippet id.
        folder: Where they go: `<folder>/downloads/<chapter>/<name>`.

    Returns:
        Their addresses from the site's root, sorted.

    Raises:
        Problem: If `downloads` is no dictionary of names and bytes, or two snippets of a chapter
            make files of one name.
    """
    made: dict[str, str] = {}
    for id, run in sorted(runs.items()):
        if VALUE not in run.stored:
            continue
        for name, content in _files(id, run.values[VALUE]):
            uri = f"{VALUE}/{id.split('/')[0]}/{name}"
            if uri in made:
                message = f"`{name}` is made by snippets/{made[uri]}.py too"
                raise Problem(f"snippets/{id}.py", 1, message, "give the files different names")
            made[uri] = id
            path = folder / uri
            if not path.is_file() or path.read_bytes() != content:
                environment.write_atomically(path, content)
    return sorted(made)


def _files(id: str, value: Any) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of a snippet."""
    if not isinstance(value, Mapping):
        raise Problem(f"snippets/{id}.py", 1, "`downloads` must be a dictionary", _FIX)
    for name, array in value.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise Problem(f"snippets/{id}.py", 1, f"{name!r} is no plain file name", _FIX)
        if str(getattr(array, "dtype", "")) != "uint8":
            message = f"the content of {name!r} must be an array of uint8"
            raise Problem(f"snippets/{id}.py", 1, message, _FIX)
        yield name, array.tobytes()


def _names(text: str) -> set[str]:
    """Return the keys of the dictionary `downloads` in a snippet's text."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return set()  # told elsewhere
    return {
        key.value
        for node in body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Dict)
        and any(isinstance(target, ast.Name) and target.id == VALUE for target in node.targets)
        for key in node.value.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
