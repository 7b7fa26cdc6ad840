"""Values on their way from a run to a page: JSON with tags, and arrays beside it. Never a pickle.

Only the standard library and NumPy are imported, and NumPy only where an array is met.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Mapping
from typing import Any

MAX_ARRAY_BYTES = 1 << 26
MAX_DEPTH = 12
_TAG = "$"


class Record:
    """A dataclass or named tuple as a page sees it: its fields and properties as attributes."""

    def __init__(self, kind: str, fields: Mapping[str, Any]) -> None:
        """Keep the fields of an object of type `kind`."""
        self.__dict__.update(fields)
        self._kind = kind

    def __repr__(self) -> str:
        """Return the object as its own type would show it."""
        fields = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items() if k != "_kind")
        return f"{self._kind}({fields})"

    def __eq__(self, other: object) -> bool:
        """Compare fields."""
        return isinstance(other, Record) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]


class Opaque:
    """A value that could not be stored; quoting it is refused with the reason."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        self.reason = reason


def encode(value: Any, arrays: dict[str, Any], depth: int = 0) -> Any:
    """Turn a value into JSON; arrays go into `arrays` under the key that the JSON names."""
    if depth > MAX_DEPTH:
        return _tag("opaque", "it is nested more deeply than a page can quote")
    if value is None or isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, enum.Enum):
        return encode(value.value, arrays, depth + 1)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _tag("float", repr(float(value)))
    if isinstance(value, complex):
        return _tag("complex", [value.real, value.imag])
    fields = _fields(value)
    if fields is not None:
        encoded = {name: encode(v, arrays, depth + 1) for name, v in fields.items()}
        return _tag("object", encoded, type=type(value).__name__)
    if isinstance(value, list):
        return [encode(item, arrays, depth + 1) for item in value]
    if isinstance(value, tuple | set | frozenset):
        items = list(value) if isinstance(value, tuple) else sorted(value, key=repr)
        return _tag("tuple", [encode(item, arrays, depth + 1) for item in items])
    if isinstance(value, Mapping):
        pairs = [
            [encode(k, arrays, depth + 1), encode(v, arrays, depth + 1)] for k, v in value.items()
        ]
        return _tag("dict", pairs)
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        return _encode_array(value, arrays, depth)
    return _tag("opaque", f"a value of type {type(value).__name__} cannot be stored")


def _tag(tag: str, value: Any, **more: Any) -> dict[str, Any]:
    return {_TAG: tag, "v": value, **more}


def _fields(value: Any) -> dict[str, Any] | None:
    """Return the fields and properties of a dataclass or named tuple, None for anything else."""
    if isinstance(value, type):
        return None
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        names = list(value._fields)
    else:
        return None
    for owner in type(value).__mro__:
        names += [
            n for n, v in vars(owner).items() if isinstance(v, property) and not n.startswith("_")
        ]
    found = {}
    for name in dict.fromkeys(names):
        try:
            found[name] = getattr(value, name)
        except Exception:
            continue  # a property that does not hold for this object is no value
    return found


def _encode_array(value: Any, arrays: dict[str, Any], depth: int) -> Any:
    import numpy as np

    if not hasattr(value, "__array__"):  # a shape without data
        size = math.prod(value.shape)
        fields = {"shape": tuple(value.shape), "dtype": str(value.dtype), "size": size}
        encoded = {name: encode(v, arrays, depth + 1) for name, v in fields.items()}
        return _tag("object", encoded, type=type(value).__name__)
    if getattr(value, "nbytes", 0) > MAX_ARRAY_BYTES:
        return _tag("opaque", f"an array of {value.nbytes} bytes is too large to store")
    try:
        array = np.asarray(value)
    except Exception as error:
        return _tag("opaque", f"it cannot become an array: {error}")
    if array.dtype.kind in "OV" and array.dtype.names is None and array.dtype.itemsize:
        # bfloat16, float8, int4 and their like: exact in float32 or int8
        wide = "int8" if "int" in array.dtype.name else "float32"
        try:
            array = array.astype(wide)
        except (TypeError, ValueError):
            return _tag("opaque", f"an array of {array.dtype} cannot be stored")
    if array.ndim == 0:
        return encode(array.item(), arrays, depth + 1)
    key = f"a{len(arrays)}"
    arrays[key] = array
    return _tag("array", key)


def decode(value: Any, arrays: Mapping[str, Any]) -> Any:
    """Turn JSON from `encode` back into a value."""
    if isinstance(value, list):
        return [decode(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    tag, inner = value[_TAG], value["v"]
    if tag == "float":
        return float(inner)
    if tag == "complex":
        return complex(*inner)
    if tag == "tuple":
        return tuple(decode(item, arrays) for item in inner)
    if tag == "dict":
        return {_hashable(decode(k, arrays)): decode(v, arrays) for k, v in inner}
    if tag == "object":
        return Record(value["type"], {k: decode(v, arrays) for k, v in inner.items()})
    if tag == "array":
        return arrays[inner]
    return Opaque(inner)


def _hashable(key: Any) -> Any:
    return tuple(key) if isinstance(key, list) else key
