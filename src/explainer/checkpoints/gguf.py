"""Reading the header of a GGUF file, versions 2 and 3, without its data.

The file's own order is: magic, version, two counts, metadata, tensor infos, padding, data.
`gguf.GGUFReader` makes a Python object of every token of the vocabulary, which takes seconds, and
trusts every length; this reader walks over them and trusts none.

References:
    ggml, `docs/gguf.md`, and llama.cpp, `ggml/src/gguf.cpp`, whose limits are kept.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from explainer.checkpoints.cursor import Cursor
from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.model_file import RawTensor
from explainer.checkpoints.stored_types import GGUF_TYPES

# Metadata value types, by number: struct codes of the scalars, then string and array.
SCALARS = dict(enumerate("BbHhIif?"))
SCALARS |= {10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
MAX_NAME_BYTES = 4_096
MAX_KEPT_BYTES = 4_096
"""Longer strings and all arrays stay in the file; `metadata_value` reads them from there."""
MAX_KEYS = 4_096
MAX_ARRAYS = 65_536
MAX_TENSORS = 1 << 18
MAX_DIMENSIONS = 4
MAX_NESTING = 4
DEFAULT_ALIGNMENT = 32
MAX_ELEMENTS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Deferred:
    """A metadata value that was left in the file: where it is, and how much of it there is."""

    type: int
    """Type of the elements, as GGUF numbers them; 8 is a string."""
    count: int
    offset: int
    """First byte of the first element."""
    alone: bool = False
    """A single string that was too long to be kept, not an array."""


@dataclass(frozen=True)
class GgufHeader:
    """The header of one GGUF file."""

    version: int
    endian: str
    metadata: dict[str, Any]
    tensors: list[RawTensor]
    file_bytes: int


def read_gguf_header(file: BinaryIO, path: Path, file_bytes: int) -> GgufHeader:
    """Read one GGUF header and check it against the size of the file.

    Args:
        file: The open file.
        path: Its name, for messages.
        file_bytes: Its size.

    Returns:
        Metadata, and the tensors in the file's order with shapes turned to (out, in).

    Raises:
        ModelFileError: If anything in it is impossible.
    """
    cursor = Cursor(file, path, file_bytes)
    if cursor.take(4, "the magic") != b"GGUF":
        raise cursor.fail("a GGUF file starts with b'GGUF'", 0)
    version = _version(cursor)
    tensor_count = cursor.integer("Q", "the number of tensors")
    key_count = cursor.integer("Q", "the number of metadata keys")
    # A tensor takes at least 24 bytes of header, a key and its value 13.
    _check_count(cursor, tensor_count, 24, MAX_TENSORS, "tensors")
    _check_count(cursor, key_count, 13, MAX_KEYS, "metadata keys")
    metadata = _metadata(cursor, key_count)
    infos = _tensor_infos(cursor, tensor_count)
    alignment = _alignment(cursor, metadata)
    data_offset = -(-cursor.position // alignment) * alignment
    tensors = [_placed(cursor, info, data_offset, alignment) for info in infos]
    _check_overlap(cursor, tensors)
    return GgufHeader(version, cursor.endian, metadata, tensors, file_bytes)


def _version(cursor: Cursor) -> int:
    version = cursor.integer("I", "the version")
    if version & 0xFFFF == 0 and version:
        # A big-endian file: its version number is in the upper bytes.
        cursor.endian = ">"
        version = int.from_bytes(version.to_bytes(4, "little"), "big")
    if version not in (2, 3):
        raise cursor.fail(f"GGUF version {version:,}; versions 2 and 3 are read", 4)
    return version


def _check_count(cursor: Cursor, count: int, each_bytes: int, limit: int, what: str) -> None:
    if count * each_bytes > cursor.remaining_bytes:
        raise cursor.fail(
            f"the header promises {count:,} {what}, at least {count * each_bytes:,} bytes, "
            f"but {cursor.remaining_bytes:,} are left"
        )
    if count > limit:
        raise cursor.fail(f"the header promises {count:,} {what}; at most {limit:,} are read")


def _metadata(cursor: Cursor, key_count: int) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for number in range(key_count):
        start = cursor.position
        key = cursor.text(MAX_NAME_BYTES, f"metadata key {number}")
        if key in metadata:
            raise cursor.fail(f"the metadata key {key!r} stands twice", start)
        value_type = cursor.integer("I", f"the type of {key!r}")
        metadata[key] = _value(cursor, value_type, key)
    return metadata


def _value(cursor: Cursor, value_type: int, key: str) -> Any:
    what = f"the value of {key!r}"
    if value_type in SCALARS:
        return cursor.number(SCALARS[value_type], what)
    if value_type == STRING:
        start = cursor.position
        length = cursor.integer("Q", f"the length of {what}")
        if length > MAX_KEPT_BYTES:
            cursor.skip(length, what)
            return Deferred(STRING, 1, start, alone=True)
        try:
            return cursor.take(length, what).decode("utf-8")
        except UnicodeDecodeError as error:
            raise cursor.fail(f"{what} is not UTF-8: {error}", start + 8) from None
    if value_type == ARRAY:
        return _array(cursor, what, 1)
    raise cursor.fail(f"{what} has the unknown type {value_type}", cursor.position - 4)


def _array(cursor: Cursor, what: str, depth: int) -> Deferred:
    if depth > MAX_NESTING:
        raise cursor.fail(f"{what} nests arrays more than {MAX_NESTING} deep")
    start = cursor.position
    element_type = cursor.integer("I", f"the element type of {what}")
    count = cursor.integer("Q", f"the length of {what}")
    array = Deferred(element_type, count, cursor.position)
    if element_type in SCALARS:
        cursor.skip(count * struct.calcsize("<" + SCALARS[element_type]), what)
    elif element_type in (STRING, ARRAY):
        # An empty string takes 8 bytes, an empty array 12.
        each_bytes = 8 if element_type == STRING else 12
        _check_count(cursor, count, each_bytes, MAX_ELEMENTS, f"elements in {what}")
        if element_type == STRING:
            cursor.skip_strings(count, what)
        else:
            cursor.spend(count, MAX_ARRAYS, f"arrays inside arrays, in {what}")
            for _ in range(count):
                _array(cursor, what, depth + 1)
    else:
        raise cursor.fail(f"{what} has elements of the unknown type {element_type}", start)
    return array


def _tensor_infos(cursor: Cursor, tensor_count: int) -> list[RawTensor]:
    """Read names, shapes and types; the offset is still relative to the data."""
    infos: list[RawTensor] = []
    names: set[str] = set()
    for number in range(tensor_count):
        start = cursor.position
        name = cursor.text(MAX_NAME_BYTES, f"the name of tensor {number}")
        if name in names:
            raise cursor.fail(f"two tensors are named {name!r}", start)
        names.add(name)
        dimensions = cursor.integer("I", f"the dimensions of {name!r}")
        if dimensions > MAX_DIMENSIONS:
            raise cursor.fail(
                f"{name!r} has {dimensions:,} dimensions; at most {MAX_DIMENSIONS}", start
            )
        what = f"the description of {name!r}"
        raw = cursor.take(8 * dimensions + 12, what)
        *lengths, type_number, offset = struct.unpack(f"{cursor.endian}{dimensions}QIQ", raw)
        infos.append(_info(cursor, name, lengths, type_number, offset, start))
    return infos


def _info(
    cursor: Cursor, name: str, lengths: list[int], type_number: int, offset: int, start: int
) -> RawTensor:
    block = GGUF_TYPES.get(type_number)
    if block is None:
        raise cursor.fail(f"{name!r} has the unknown tensor type {type_number}", start)
    elements = math.prod(lengths)
    if max(lengths, default=0) > MAX_ELEMENTS or elements > MAX_ELEMENTS:
        raise cursor.fail(f"the shape {lengths} of {name!r} overflows 63 bits", start)
    row = lengths[0] if lengths else 1
    if row % block.block_size:
        raise cursor.fail(
            f"a row of {name!r} has {row:,} elements, not a multiple of the {block.block_size} "
            f"in a block of {block.name}",
            start,
        )
    stored_bytes = elements // block.block_size * block.block_bytes
    return RawTensor(name, tuple(reversed(lengths)), block.name, offset, stored_bytes)


def _alignment(cursor: Cursor, metadata: dict[str, Any]) -> int:
    alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
    if type(alignment) is not int or alignment <= 0 or alignment & (alignment - 1):
        raise cursor.fail(f"general.alignment is {alignment!r}; it must be a power of two")
    return alignment


def _placed(cursor: Cursor, info: RawTensor, data_offset: int, alignment: int) -> RawTensor:
    """Return the tensor with its offset counted from the start of the file."""
    if info.offset % alignment:
        raise cursor.fail(
            f"{info.name!r} starts at {info.offset:,} of the data, which is not a multiple of the "
            f"alignment {alignment:,}"
        )
    offset = data_offset + info.offset
    end = offset + info.stored_bytes
    if info.stored_bytes and end > cursor.file_bytes:
        raise cursor.fail(
            f"{info.name!r} ends at byte {end:,}, past the end of the file at "
            f"{cursor.file_bytes:,}; the file is incomplete or damaged",
            cursor.file_bytes,
        )
    return RawTensor(info.name, info.shape, info.type, offset, info.stored_bytes)


def _check_overlap(cursor: Cursor, tensors: list[RawTensor]) -> None:
    previous: RawTensor | None = None
    for tensor in sorted(tensors, key=lambda tensor: (tensor.offset, tensor.stored_bytes)):
        if not tensor.stored_bytes:
            continue
        if previous and tensor.offset < previous.offset + previous.stored_bytes:
            raise ModelFileError(
                cursor.path,
                f"{previous.name!r} and {tensor.name!r} overlap: the first ends at byte "
                f"{previous.offset + previous.stored_bytes:,}",
                tensor.offset,
            )
        previous = tensor
