"""What stands inside `{{ … }}`: an expression, and after it a format, as inside an f-string."""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import dataclass

# Braces inside an expression (a set, a dictionary) nest once.
TEMPLATE = re.compile(r"\{\{(?P<body>(?:[^{}]|\{[^{}]*\})*)\}\}")
_ASSERT = re.compile(r"assert(?![\w.])\s*")


@dataclass(frozen=True)
class Quote:
    """One `{{ … }}`, split.

    Args:
        source: The expression, as the author wrote it.
        format: What follows its colon; empty if nothing does.
        is_assert: Whether it is a guard, `{{ assert … }}`.
        normal: The expression spelled one way, whatever its spaces and quotes.
        names: Dotted names that it reads, longest first written: `("line", "slope")`.
    """

    source: str
    format: str
    is_assert: bool
    normal: str
    names: tuple[tuple[str, ...], ...]


@functools.lru_cache(maxsize=8192)
def split(body: str) -> Quote:
    """Split the text between the braces, exactly as Python splits an f-string's.

    Args:
        body: What stands between `{{` and `}}`.

    Returns:
        The expression and its format.

    Raises:
        ValueError: If Python cannot read it; if it has a conversion (`!r`), an `=` sign or a
            format with braces in it; if a guard has a format.

    Examples:
        >>> split(" line.slope:.2f ").format
        '.2f'
        >>> split("rows['a:b'] != 2").source
        "rows['a:b'] != 2"
        >>> split("assert kv.ratio > 2").is_assert
        True
    """
    text = body.strip()
    if guard := _ASSERT.match(text):
        condition = text[guard.end() :]
        return _quote(condition, "", _expression(condition), is_assert=True)
    if not text:
        raise ValueError("nothing stands between the braces")
    try:
        tree = ast.parse('f"""{ ' + text + '}"""', mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"not an expression: {_reason(error)}") from error
    parts = tree.values if isinstance(tree, ast.JoinedStr) else []
    if len(parts) != 1 or not isinstance(parts[0], ast.FormattedValue):
        raise ValueError("more than one expression, or one with `=`")
    if parts[0].conversion != -1:
        raise ValueError("a conversion such as `!r` is of no use on a page")
    spec = _format(parts[0].format_spec)
    source = text.removesuffix(":" + spec).rstrip() if parts[0].format_spec else text
    return _quote(source, spec, parts[0].value, is_assert=False)


@functools.lru_cache(maxsize=8192)
def names(source: str) -> tuple[tuple[str, ...], ...]:
    """Return the dotted names that an expression reads, or none if it is no expression.

    Examples:
        >>> names("max(line.path.x, key) + 1")
        (('max',), ('line', 'path', 'x'), ('key',))
    """
    try:
        return _dotted(_expression(source))
    except ValueError:
        return ()


def _quote(source: str, spec: str, tree: ast.expr, *, is_assert: bool) -> Quote:
    return Quote(source, spec, is_assert, ast.unparse(tree), _dotted(tree))


def _expression(source: str) -> ast.expr:
    try:
        return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"not an expression: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _format(spec: ast.expr | None) -> str:
    if spec is None:
        return ""
    values = spec.values if isinstance(spec, ast.JoinedStr) else []
    if not all(isinstance(value, ast.Constant) for value in values):
        raise ValueError("braces inside a format")
    return "".join(str(value.value) for value in values if isinstance(value, ast.Constant))


def _dotted(tree: ast.expr) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if node in inner:
            continue
        path: list[str] = []
        at: ast.AST = node
        while isinstance(at, ast.Attribute):
            path.insert(0, at.attr)
            at = at.value
            inner.add(at)
        if isinstance(at, ast.Name):
            found.append((at.id, *path))
    return tuple(found)
