"""A scanner for the two JSON headers of safetensors, bounded in work and memory.

`json.loads` on a whole header would build whatever the file asks for: a hundred megabytes of
`[[[[`, or of numbers in one list. This one walks over the outer object and hands only short,
shallow pieces to `json.loads`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from explainer.checkpoints.errors import ModelFileError

MAX_PIECE_BYTES = 65_536
MAX_DEPTH = 16

# Possessive (`*+`): never tried again in another way, so the time is linear.
_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\.)*+"')
_WHOLE = re.compile(
    rb'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u(?:[0-9a-ce-fA-CE-F][0-9a-fA-F]{3}'
    rb'|[dD][0-7][0-9a-fA-F]{2}|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})))*+"'
)
"""A string of any length without an escape that JSON does not know, or half a surrogate pair."""
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb"[-+.0-9A-Za-z]++")
_STEP = re.compile(rb'[^"{}\[\]]*+(?:"(?:[^"\\\x00-\x1f]++|\\.)*+"|[{}\[\]])')
_FLAT = re.compile(rb'\{[^"{}\[\]]*+(?:"[^"\\\x00-\x1f]*+"[^"{}]*+)*+\}')
"""An object without objects inside and without escapes, as a tensor's entry is."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object, refusing a key that stands twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {key!r} stands twice")
            seen.add(key)
    return result


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


# Made once: `json.loads` with hooks makes a decoder for every call.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)


class Scanner:
    """A position in the bytes of a JSON document."""

    def __init__(self, data: bytes, path: Path, base: int) -> None:
        """Start at the first byte of `data`, which is byte `base` of the file."""
        self._data = data
        self._path = path
        self._base = base
        self._at = 0

    @property
    def position(self) -> int:
        """The next byte, counted from the start of the file."""
        return self._base + self._at

    def fail(self, message: str, offset: int | None = None) -> ModelFileError:
        """Return the error for this file, at this position unless another is given."""
        return ModelFileError(self._path, message, self.position if offset is None else offset)

    def _space(self) -> None:
        match = _SPACE.match(self._data, self._at)
        if match:
            self._at = match.end()

    def accept(self, character: bytes) -> bool:
        """Pass over white space and then this character, if it comes next."""
        if not self._data.startswith(character, self._at):
            self._space()
        found = self._data.startswith(character, self._at)
        self._at += found
        return found

    def expect(self, character: bytes, what: str) -> None:
        """Pass over white space and this character.

        Raises:
            ModelFileError: If another comes next.
        """
        if not self.accept(character):
            found = self._data[self._at : self._at + 1]
            shown = repr(found)[1:] if found else "the end of the header"
            raise self.fail(f"the JSON header has {shown} where {what} belongs")

    def accept_pattern(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Pass over what matches the pattern, if it comes next without white space."""
        match = pattern.match(self._data, self._at, self._at + MAX_PIECE_BYTES)
        if match:
            self._at = match.end()
        return match

    def at_end(self) -> bool:
        """Return whether only white space is left."""
        self._space()
        return self._at >= len(self._data)

    def _loads(self, start: int, end: int, what: str) -> Any:
        try:
            return _DECODER.decode(self._data[start:end].decode("utf-8"))
        except UnicodeDecodeError as error:
            raise self.fail(f"{what} is not UTF-8: {error}", self._base + start) from None
        except ValueError as error:
            raise self.fail(f"{what} is not valid JSON: {error}", self._base + start) from None

    def text(self, what: str) -> str:
        """Return the next string."""
        self._space()
        match = _STRING.match(self._data, self._at, self._at + MAX_PIECE_BYTES)
        if match is None:
            raise self.fail(
                f"the JSON header has no string of at most {MAX_PIECE_BYTES:,} bytes where {what} "
                "belongs"
            )
        value = self._loads(match.start(), match.end(), what)
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise self.fail(f"{what} holds half of a surrogate pair: {value!r}")
        self._at = match.end()
        return str(value)

    def short_text(self, limit_bytes: int, what: str) -> str:
        """Return the next string; where it is longer than the limit, pass over it, and say so."""
        self._space()
        match = _WHOLE.match(self._data, self._at)
        if match and match.end() - match.start() > limit_bytes:
            self._at = match.end()
            return f"({match.end() - match.start() - 2:,} bytes, not kept)"
        return self.text(what)

    def value(self, what: str) -> Any:
        """Return the next value of any kind, if it is short and shallow."""
        self._space()
        start = self._at
        match = _FLAT.match(self._data, start, start + MAX_PIECE_BYTES)
        if match and self._data.count(b"[", start, match.end()) <= MAX_DEPTH:
            end = match.end()
        elif self._data[start : start + 1] in (b"{", b"["):
            end = self._end_of_nested(start, what)
        else:
            limit = start + MAX_PIECE_BYTES
            match = _STRING.match(self._data, start, limit)
            match = match or _SCALAR.match(self._data, start, limit)
            if match is None:
                raise self.fail(f"the JSON header has no value where {what} belongs")
            end = match.end()
        value = self._loads(start, end, what)
        self._at = end
        return value

    def _end_of_nested(self, start: int, what: str) -> int:
        depth, at, limit = 0, start, start + MAX_PIECE_BYTES
        while match := _STEP.match(self._data, at, limit):
            at = match.end()
            last = self._data[at - 1]
            if last in b"{[":
                depth += 1
            elif last in b"}]":
                depth -= 1
            if depth == 0:
                return at
            if depth > MAX_DEPTH:
                raise self.fail(f"{what} is nested more than {MAX_DEPTH} deep")
        raise self.fail(f"{what} does not end within {MAX_PIECE_BYTES:,} bytes of header")
