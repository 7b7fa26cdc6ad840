"""Golden cases of reading a configuration: sizes under their names."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from explainer.architectures.fields import Fields

VALUES = (None, True, "3", 0, -1, 1, 3, 10**9, 10**9 + 1, 1.5, [3], {"a": 1})
ABSENT = object()


def configuration_cases() -> dict[str, Any]:
    """Return sizes with their value."""
    sizes = []
    keys = ("hidden_size", "head_dim")
    given = (ABSENT, *VALUES)
    for first, second, nested, least in itertools.product(given, given, (False, True), (0, 1)):
        values = dict(zip(keys, (first, second), strict=True))
        values = {key: value for key, value in values.items() if value is not ABSENT}
        for names in (keys, keys[:1], keys[1:]):
            sizes.append(_size(values, names, nested, least))
    return {"sizes": sizes}


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
