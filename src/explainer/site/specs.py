"""YAML with places: the body of a table, chart or widget, and the front matter of a page."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

# Fences whose body is such YAML.
KINDS = ("table", "chart", "widget")
# Values of these keys are words that a reader sees; each language has its own.
TEXT_KEYS = frozenset(
    "title subtitle caption description summary label labels unit alt note text footnote".split()
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Scalar:
    """One value, or one key, of a YAML text.

    Args:
        path: Keys and indices that lead to it.
        value: It, as written.
        line: Its line in the YAML text, from 0.
        start: Line and column where it starts, quotation marks left out, from 0.
        end: Line and column where it ends.
        is_key: Whether it is a key, itself the last of `path`.
    """

    path: Path
    value: str
    line: int
    start: tuple[int, int]
    end: tuple[int, int]
    is_key: bool


@dataclass(frozen=True)
class Yaml:
    """A mapping read from YAML, with the place of every scalar."""

    data: dict[str, Any]
    scalars: tuple[Scalar, ...]

    def line(self, *path: str | int) -> int:
        """Return the line, from 0, of the key or item at a path; 0 if there is none."""
        found = (scalar for scalar in self.scalars if scalar.path[: len(path)] == path)
        return next((scalar.line for scalar in found), 0)


class YamlError(ValueError):
    """YAML that cannot be used; `line` counts from 0."""

    def __init__(self, line: int, message: str) -> None:
        """Note the line beside the message."""
        super().__init__(message)
        self.line = line


def read(text: str) -> Yaml:
    """Read a YAML mapping.

    Args:
        text: The YAML text.

    Raises:
        YamlError: If it is not YAML, not a mapping, or has a key twice.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Yaml({}, ())
        if not isinstance(node, yaml.MappingNode):
            raise YamlError(0, "this is no mapping of keys to values")
        scalars = tuple(_scalars(node, ()))
        data: dict[str, Any] = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or str(error)
        if "unhashable" in reason:
            reason = "`{{ … }}` stands without quotation marks"
        raise YamlError(mark.line if mark else 0, reason) from error
    finally:
        loader.dispose()
    return Yaml(data, scalars)


def is_text(path: Path) -> bool:
    """Return whether the value at a path is words that a reader sees.

    Examples:
        >>> is_text(("caption",)), is_text(("rows",)), is_text(("series", 0, "label"))
        (True, False, True)
        >>> is_text(("columns", "parameters"))
        True
    """
    keys = [key for key in path if isinstance(key, str)]
    if not keys or keys[0] == "data":  # names of a widget's own
        return False
    in_column = keys[0] == "columns" and len(keys) == 2
    return in_column or any(key in TEXT_KEYS for key in keys)


def skeleton(data: Any, path: Path = ()) -> Any:
    """Return what must be the same in both languages: all of it but the words.

    Examples:
        >>> skeleton({"id": "layers", "caption": "Layers"})
        {'id': 'layers', 'caption': '…'}
    """
    if isinstance(data, dict):
        return {key: skeleton(value, (*path, str(key))) for key, value in data.items()}
    if isinstance(data, list):
        return [skeleton(value, (*path, at)) for at, value in enumerate(data)]
    if isinstance(data, datetime.date):
        return data.isoformat()
    return "…" if is_text(path) else data


def _scalars(node: yaml.Node, path: Path) -> Iterator[Scalar]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if isinstance(key, yaml.ScalarNode):
                if name in seen:
                    raise YamlError(key.start_mark.line, f"the key `{name}` stands twice")
                seen.add(name)
                yield _scalar(key, (*path, name), is_key=True)
            yield from _scalars(value, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _scalars(value, (*path, at))
    elif isinstance(node, yaml.ScalarNode):
        yield _scalar(node, path, is_key=False)


def _scalar(node: yaml.ScalarNode, path: Path, *, is_key: bool) -> Scalar:
    quotes = 1 if node.style in ("'", '"') else 0
    start, end = node.start_mark, node.end_mark
    return Scalar(
        path=path,
        value=str(node.value),
        line=start.line,
        start=(start.line, start.column + quotes),
        end=(end.line, max(end.column - quotes, 0)),
        is_key=is_key,
    )
