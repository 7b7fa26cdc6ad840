"""Walking through a GGUF header: a small window over the file, every step checked."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.opening import read_at

WINDOW_BYTES = 1 << 18
MAX_HEADER_BYTES = 1 << 27
"""128 MiB: several times the longest vocabulary in use."""
MAX_STRINGS = 1 << 22
"""Strings that may be walked over; the longest vocabulary in use has under a million."""

_LENGTH = {"<": struct.Struct("<Q"), ">": struct.Struct(">Q")}


class Cursor:
    """A position in a file that only moves forward and never past the end.

    A memory map would be as fast, but a file cut short while it is mapped kills the process, and
    every page that was touched would count as memory.
    """

    def __init__(self, file: BinaryIO, path: Path, file_bytes: int) -> None:
        """Start at byte 0, little-endian."""
        self.path = path
        self.file_bytes = file_bytes
        self.endian = "<"
        self._file = file
        self._window = b""
        self._start = 0
        self._at = 0
        self._spent = 0

    @property
    def position(self) -> int:
        """The next byte to be read, counted from the start of the file."""
        return self._start + self._at

    @property
    def remaining_bytes(self) -> int:
        """What the rest of the file can still hold."""
        return self.file_bytes - self.position

    def fail(self, message: str, offset: int | None = None) -> ModelFileError:
        """Return the error for this file, at this position unless another is given."""
        return ModelFileError(self.path, message, self.position if offset is None else offset)

    def _fill(self, count: int, what: str) -> None:
        """Make `count` bytes from the position on available in the window."""
        if count > self.remaining_bytes:
            raise self.fail(
                f"the file ends inside {what}: {count:,} bytes are needed, "
                f"{max(self.remaining_bytes, 0):,} are left"
            )
        if self.position + count > MAX_HEADER_BYTES:
            raise self.fail(f"the header is longer than {MAX_HEADER_BYTES:,} bytes at {what}")
        start = self.position
        wanted = max(count, min(WINDOW_BYTES, MAX_HEADER_BYTES - start))
        self._window = read_at(self._file, self.path, start, wanted)
        self._start, self._at = start, 0
        if len(self._window) < count:
            raise self.fail(f"the file became shorter while it was read, inside {what}")

    def take(self, count: int, what: str) -> bytes:
        """Return the next `count` bytes."""
        if self._at + count > len(self._window):
            self._fill(count, what)
        self._at += count
        return self._window[self._at - count : self._at]

    def skip(self, count: int, what: str) -> None:
        """Pass over `count` bytes without reading them."""
        if count > self.remaining_bytes:
            raise self.fail(
                f"{what} takes {count:,} bytes, but only {self.remaining_bytes:,} are left"
            )
        self._at += count

    def number(self, code: str, what: str) -> int | float:
        """Return the next number, `code` as in `struct`: `I` is uint32, `Q` is uint64."""
        size = struct.calcsize("<" + code)
        value: int | float = struct.unpack(self.endian + code, self.take(size, what))[0]
        return value

    def integer(self, code: str, what: str) -> int:
        """Return the next number, an integer."""
        return int(self.number(code, what))

    def numbers(self, code: str, count: int, limit_bytes: int, what: str) -> list[int | float]:
        """Return the next `count` numbers."""
        size = count * struct.calcsize("<" + code)
        if size > limit_bytes:
            raise self.fail(f"{what} is {size:,} bytes long; at most {limit_bytes:,}")
        return list(struct.unpack(f"{self.endian}{count}{code}", self.take(size, what)))

    def text(self, limit_bytes: int, what: str) -> str:
        """Return the next string: a uint64 length, then that many bytes of UTF-8."""
        start = self.position
        length = self.integer("Q", f"the length of {what}")
        if length > limit_bytes:
            raise self.fail(f"{what} is {length:,} bytes long; at most {limit_bytes:,}", start)
        raw = self.take(length, what)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.fail(f"{what} is not UTF-8: {error}", start + 8) from None

    def spend(self, count: int, limit: int, what: str) -> None:
        """Count steps of work over the whole header, and refuse too many."""
        self._spent += count
        if self._spent > limit:
            raise self.fail(f"the metadata holds more than {limit:,} {what}")

    def skip_strings(self, count: int, what: str) -> None:
        """Pass over an array of strings, which alone has to be walked to find its end."""
        self.spend(count, MAX_STRINGS, f"strings, in {what}")
        unpack_from = _LENGTH[self.endian].unpack_from
        while count:
            if self._at + 8 > len(self._window):
                self._fill(8, what)
            window, at, last = self._window, self._at, len(self._window) - 8
            while count and at <= last:
                at += 8 + unpack_from(window, at)[0]
                count -= 1
            start = self.position
            self._at = at
            if self.remaining_bytes < 0:
                raise self.fail(f"a string of {what} runs past the end of the file", start)
