"""Golden cases of reading a configuration: texts, and sizes under their names."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from explainer.architectures import parse_config
from explainer.architectures.fields import Fields

TEXTS = (
    '{"n_layer": 12}',
    ' {"a": {"b": [1, {"b": 2}]}, "b": "{\\"b\\": 1}"}\n',
    '\ufeff{"a": "\u4e2d\\u6587"}',
    "{}",
    "",
    "   ",
    "[1, 2]",
    "7",
    "null",
    '"text"',
    '{"a": 1,}',
    '{"a": 1',
    "{'a': 1}",
    "{a: 1}",
    '{"a": 1} {"b": 2}',
    '{"a": 1, "a": 2}',
    '{"a": 1, "\\u0061": 2}',
    '{"c": {"a": 1, "b": {"a": 1}, "a": null}}',
    '{"c": [{"a": 1}, {"a": 1}], "a": [":", "a"]}',
    "GGUF\x03",
    "<html></html>",
    '{"a": ' + "[" * 30 + "]" * 30 + "}",
)
VALUES = (None, True, "3", 0, -1, 1, 3, 10**9, 10**9 + 1, 1.5, [3], {"a": 1})
ABSENT = object()


def configuration_cases() -> dict[str, Any]:
    """Return texts with the object that they hold, or None; and sizes with their value."""
    texts = [{"text": text, "found": _parsed(text)} for text in TEXTS]
    sizes = []
    keys = ("hidden_size", "head_dim")
    given = (ABSENT, *VALUES)
    for first, second, nested, least in itertools.product(given, given, (False, True), (0, 1)):
        values = dict(zip(keys, (first, second), strict=True))
        values = {key: value for key, value in values.items() if value is not ABSENT}
        for names in (keys, keys[:1], keys[1:]):
            sizes.append(_size(values, names, nested, least))
    return {"texts": texts, "sizes": sizes}


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return parse_config(text.encode(), "text")
    except ValueError:
        return None


def _size(
    values: Mapping[str, Any], names: tuple[str, ...], nested: bool, least: int
) -> dict[str, Any]:
    defaults = {"hidden_size": 5, "head_dim": 7}
    asked = {"values": values, "names": names, "nested": nested, "least": least}
    fields = Fields(values, defaults, nested)
    try:
        return asked | {"found": fields.optional_size(*names, least=least), "refused": False}
    except ValueError:
        return asked | {"found": None, "refused": True}
