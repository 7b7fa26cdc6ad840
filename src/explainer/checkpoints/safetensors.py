"""Reading the header of a safetensors file without its data.

The file is a uint64 length, a JSON object of that length, and the data. What the `safetensors`
library accepts is accepted here, with one exception: a name that stands twice is refused.
The library opens only whole files of the right size as well, but it names neither the tensor's
place in the file nor the file.

References:
    Hugging Face, safetensors, README "Format", and `safetensors/src/tensor.rs`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.json_scan import Scanner
from explainer.checkpoints.model_file import RawTensor
from explainer.checkpoints.opening import read_at
from explainer.checkpoints.stored_types import SAFETENSORS_BITS

MAX_HEADER_BYTES = 100_000_000
"""The library's own limit."""
MAX_TENSORS = 1 << 18
MAX_METADATA_KEYS = 4_096
MAX_KEPT_BYTES = 4_096
"""A longer metadata value, such as a training log, is passed over."""
_DECODED_BYTES = 1 << 20
# An entry as nearly every program writes it; any other goes the slower way, to the same result.
_UINT = rb"(?:0|[1-9][0-9]{0,19}+)"
_ENTRY = re.compile(
    rb'"([^"\\\x00-\x1f]++)": ?\{"dtype": ?"([A-Z0-9_]++)", ?"shape": ?\[((?:'
    + _UINT
    + rb"(?:, ?"
    + _UINT
    + rb')*+)?)\], ?"data_offsets": ?\[('
    + _UINT
    + rb"), ?("
    + _UINT
    + rb")\]\}"
)


@dataclass(frozen=True)
class SafetensorsHeader:
    """The header of one safetensors file."""

    metadata: dict[str, str]
    tensors: list[RawTensor]
    file_bytes: int


def read_safetensors_header(file: BinaryIO, path: Path, file_bytes: int) -> SafetensorsHeader:
    """Read one safetensors header and check it against the size of the file.

    Args:
        file: The open file.
        path: Its name, for messages.
        file_bytes: Its size.

    Returns:
        Metadata, and the tensors in the order of the header.

    Raises:
        ModelFileError: If anything in it is impossible.
    """
    header, data_offset = _header(file, path, file_bytes)
    scanner = Scanner(header, path, 8)
    metadata, tensors = _entries(scanner, data_offset)
    if not scanner.at_end():
        raise scanner.fail("the JSON header goes on after its closing brace")
    _check_cover(path, tensors, data_offset, file_bytes)
    return SafetensorsHeader(metadata, tensors, file_bytes)


def _entries(scanner: Scanner, data_offset: int) -> tuple[dict[str, str], list[RawTensor]]:
    """Walk over the outer object: metadata, and a tensor an entry."""
    metadata: dict[str, str] = {}
    tensors: dict[str, RawTensor] = {}
    metadata_seen = False
    scanner.expect(b"{", "the opening brace")
    more = not scanner.accept(b"}")
    while more:
        start = scanner.position
        written = scanner.accept_pattern(_ENTRY)
        name = written[1].decode("utf-8") if written else _name(scanner)
        if name in tensors or (name == "__metadata__" and metadata_seen):
            raise scanner.fail(f"two entries are named {name!r}", start)
        if name == "__metadata__" and not written:
            metadata, metadata_seen = _metadata(scanner), True
        elif name == "__metadata__":
            raise scanner.fail("__metadata__ must be an object of strings", start)
        else:
            entry = _entry(written) if written else scanner.value(f"the entry of {name!r}")
            tensors[name] = _tensor(scanner, name, entry, data_offset, start)
        if len(tensors) > MAX_TENSORS:
            raise scanner.fail(f"more than {MAX_TENSORS:,} tensors in one file")
        more = not scanner.accept(b"}")
        if more:
            scanner.expect(b",", "a comma or the closing brace")
    return metadata, list(tensors.values())


def _name(scanner: Scanner) -> str:
    name = scanner.text("a tensor's name")
    scanner.expect(b":", "a colon")
    return name


def _entry(written: re.Match[bytes]) -> dict[str, Any]:
    """Return the entry that `_ENTRY` matched, as `json.loads` would."""
    return {
        "dtype": written[2].decode("ascii"),
        "shape": [int(length) for length in written[3].split(b",")] if written[3] else [],
        "data_offsets": [int(written[4]), int(written[5])],
    }


def _header(file: BinaryIO, path: Path, file_bytes: int) -> tuple[bytes, int]:
    length_bytes = read_at(file, path, 0, 8)
    if len(length_bytes) < 8:
        raise ModelFileError(
            path, f"a safetensors file starts with 8 bytes of length; there are {file_bytes}", 0
        )
    length = int.from_bytes(length_bytes, "little")
    if length > MAX_HEADER_BYTES:
        raise ModelFileError(
            path,
            f"the header would be {length:,} bytes long, and at most {MAX_HEADER_BYTES:,} are "
            "read; this is no safetensors file, or a damaged one",
            0,
        )
    if length > file_bytes - 8:
        raise ModelFileError(
            path,
            f"the file ends inside the header, which is {length:,} bytes long where "
            f"{file_bytes - 8:,} are left; the file is incomplete",
            8,
        )
    header = read_at(file, path, 8, length)
    if len(header) < length:
        raise ModelFileError(path, "the file became shorter while it was read", 8)
    _check_utf8(path, header)
    return header, 8 + length


def _check_utf8(path: Path, header: bytes) -> None:
    """Check the whole header, a piece at a time: one decoded string could take four times it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(header), _DECODED_BYTES):
        piece = header[start : start + _DECODED_BYTES]
        try:
            decoder.decode(piece, start + len(piece) >= len(header))
        except UnicodeDecodeError as error:
            raise ModelFileError(
                path, f"the JSON header is not UTF-8: {error.reason}", 8 + start + error.start
            ) from None


def _metadata(scanner: Scanner) -> dict[str, str]:
    """Read `__metadata__`: a flat object of strings, or null."""
    metadata: dict[str, str] = {}
    if not scanner.accept(b"{"):
        if scanner.value("__metadata__") is not None:
            raise scanner.fail("__metadata__ must be an object of strings")
        return metadata
    if scanner.accept(b"}"):
        return metadata
    for _ in range(MAX_METADATA_KEYS):
        key = scanner.text("a metadata key")
        scanner.expect(b":", "a colon")
        if key in metadata:
            raise scanner.fail(f"the metadata key {key!r} stands twice")
        metadata[key] = scanner.short_text(MAX_KEPT_BYTES, f"the metadata value of {key!r}")
        if scanner.accept(b"}"):
            return metadata
        scanner.expect(b",", "a comma or the closing brace")
    raise scanner.fail(f"more than {MAX_METADATA_KEYS:,} metadata keys")


def _lengths(value: Any) -> list[int] | None:
    """Return a list of uint64, or None where the value is none; True is no integer here."""
    if type(value) is not list:
        return None
    for length in value:
        if type(length) is not int or not 0 <= length < 2**64:
            return None
    return value


def _tensor(scanner: Scanner, name: str, entry: Any, data_offset: int, start: int) -> RawTensor:
    if type(entry) is not dict:
        raise scanner.fail(f"the entry of {name!r} must be an object", start)
    missing = [key for key in ("dtype", "shape", "data_offsets") if key not in entry]
    if missing:
        raise scanner.fail(f"the entry of {name!r} lacks {missing[0]!r}", start)
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    bits = SAFETENSORS_BITS.get(dtype) if type(dtype) is str else None
    if bits is None:
        raise scanner.fail(f"{name!r} has the unknown dtype {dtype!r}", start)
    lengths, ends = _lengths(shape), _lengths(offsets)
    if lengths is None:
        raise scanner.fail(f"{name!r} has the impossible shape {str(shape)[:200]}", start)
    if ends is None or len(ends) != 2 or ends[0] > ends[1]:
        raise scanner.fail(
            f"{name!r} has the impossible data_offsets {str(offsets)[:200]}; "
            "they must be [first byte, byte after the last]",
            start,
        )
    elements = 1
    for length in lengths:
        elements *= length
        if elements * bits >= 2**64 and (elements >= 2**64 or 0 not in lengths):
            raise scanner.fail(f"the shape {str(shape)[:200]} of {name!r} overflows 64 bits", start)
    total_bits = elements * bits
    if total_bits != 8 * (ends[1] - ends[0]):
        raise scanner.fail(
            f"{name!r}: {dtype} of shape {str(shape)[:200]} takes {total_bits / 8:,} bytes, but "
            f"data_offsets give it {ends[1] - ends[0]:,}",
            start,
        )
    return RawTensor(name, tuple(lengths), dtype, data_offset + ends[0], ends[1] - ends[0])


def _check_cover(path: Path, tensors: list[RawTensor], data_offset: int, file_bytes: int) -> None:
    """Check that the tensors cover the data without gap or overlap, as the format demands."""
    end = data_offset
    for tensor in sorted(tensors, key=lambda tensor: (tensor.offset, tensor.stored_bytes)):
        if tensor.offset != end:
            trouble = "overlaps the one before it" if tensor.offset < end else "leaves a gap"
            raise ModelFileError(
                path,
                f"{tensor.name!r} {trouble}: it starts at byte {tensor.offset:,}, "
                f"the data before it ends at {end:,}",
                tensor.offset,
            )
        end += tensor.stored_bytes
    if end > file_bytes:
        raise ModelFileError(
            path,
            f"the tensors end at byte {end:,}, past the end of the file at {file_bytes:,}; "
            "the file is incomplete",
            file_bytes,
        )
    if end < file_bytes:
        raise ModelFileError(
            path, f"{file_bytes - end:,} bytes after the last tensor belong to none", end
        )
