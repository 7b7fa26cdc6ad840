"""Golden cases of GGUF headers: SmolLM2's own, and hundreds of damaged ones."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

from explainer.checkpoints.gguf import read_gguf_header
from explainer.checkpoints.stored_types import GGUF_TYPES
from tests.checkpoints.test_mutations import corpus
from tests.javascript.headers import header_cases


def gguf_cases() -> dict[str, Any]:
    """Return the table of types, SmolLM2's header without and with its vocabulary, and damage."""
    short, _, _, whole = corpus()
    odd = list(_odd())
    damaged = header_cases([short], _tensors, mutations=300, hostile=".gguf", odd=odd)
    sound = header_cases([whole], _tensors, mutations=0)
    types = [
        [number, one.name, one.block_size, one.block_bytes] for number, one in GGUF_TYPES.items()
    ]
    return {"types": types, "parts": [damaged, sound]}


def _tensors(*of: Any) -> Any:
    return read_gguf_header(*of).tensors


def _odd() -> Iterator[bytes]:
    """Yield files at the edges of what a header may say, in both orders of bytes."""
    for end in "<>":
        yield from _of_order(end)
    yield _file("<", version=3 << 16)  # says that it is the other way round, and is not
    for version in (0, 1, 2, 4, 0x10000, 0xFFFF0000):
        yield _file("<", version=version)


def _of_order(end: str) -> Iterator[bytes]:
    for kind, raw in enumerate((1, 1, 2, 2, 4, 4, 4, 1)):
        for value in (b"\0", b"\x20", b"\x80", b"\xff"):
            size = value.ljust(raw, b"\0") if end == "<" else value.rjust(raw, b"\0")
            yield _file(end, [("general.alignment", kind, size)])
    for kind, code, number in ((10, "Q", 2**63), (11, "q", 64), (11, "q", -64), (12, "d", 32.0)):
        yield _file(end, [("general.alignment", kind, struct.pack(end + code, number))])
    for length in (4095, 4096, 4097):
        yield _file(end, [("k" * length, 4, bytes(4))])
        yield _file(end, [("k", 8, struct.pack(end + "Q", length) + b"\xff" * length)])
        yield _file(end, [("k", 8, struct.pack(end + "Q", length) + b"x" * length)])
    for depth in (3, 4, 5):
        nested = (
            struct.pack(end + "IQ", 9, 1) * (depth - 1) + struct.pack(end + "IQ", 0, 3) + b"abc"
        )
        yield _file(end, [("k", 9, nested)])
    for kind in (0, 7, 8, 9, 12, 13):
        yield _file(end, [("k", 9, struct.pack(end + "IQ", kind, 0))])
    for shape in (
        (),
        (0,),
        (0, 2**62),
        (2**62, 2),
        (2**63, 0),
        (1, 1, 1, 1),
        (8, 0),
        (2**31, 2**32),
    ):
        for offset in (0, 32, 33, 2**40, 2**64 - 32):
            yield _file(end, tensors=[("t", shape, 0, offset)])
    for kind in (0, 2, 4, 5, 31, 41, 42, 2**32 - 1):
        yield _file(end, tensors=[("t", (256,), kind, 0)])
    for second in (0, 32, 64, 96):
        yield _file(end, tensors=[("a", (16,), 0, 0), ("b", (8,), 0, second)])
        yield _file(end, tensors=[("a", (16,), 0, 32), ("b", (0,), 0, second)])
    for name in ("", "__proto__", "n" * 4096, "n" * 4097):
        yield _file(end, tensors=[(name, (8,), 0, 0)])


def _file(
    end: str,
    keys: Sequence[tuple[str, int, bytes]] = (),
    tensors: Sequence[tuple[str, tuple[int, ...], int, int]] = (("t", (8,), 0, 0),),
    version: int = 3,
) -> bytes:
    """Return a file of these keys and tensors, with 512 bytes of data."""
    found = b"GGUF" + struct.pack(end + "IQQ", version, len(tensors), len(keys))
    for key, kind, value in keys:
        found += (
            struct.pack(end + "Q", len(key)) + key.encode() + struct.pack(end + "I", kind) + value
        )
    for name, shape, number, offset in tensors:
        found += struct.pack(end + "Q", len(name)) + name.encode()
        found += struct.pack(f"{end}I{len(shape)}QIQ", len(shape), *shape, number, offset)
    return found + bytes(512)
