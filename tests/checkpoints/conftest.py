"""Files to read: written by the formats' own libraries, or sparse with a header of our choosing."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

BITS = {"F32": 32, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "I64": 64, "U8": 8, "I8": 8}
BITS |= {"F8_E4M3": 8, "F8_E8M0": 8}

WriteSparse = Callable[..., Path]


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count


@pytest.fixture
def write_sparse() -> WriteSparse:
    """Return a writer of safetensors files whose data is a hole, some tensors filled."""

    def write(
        path: Path,
        tensors: Mapping[str, tuple[str, tuple[int, ...]]],
        filled: Mapping[str, bytes] | None = None,
    ) -> Path:
        header, end, places = {}, 0, {}
        for name, (dtype, shape) in tensors.items():
            start, end = end, end + _elements(shape) * BITS[dtype] // 8
            header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}
            places[name] = start
        raw = json.dumps(header).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(struct.pack("<Q", len(raw)) + raw)
            file.truncate(8 + len(raw) + end)
            for name, content in (filled or {}).items():
                file.seek(8 + len(raw) + places[name])
                file.write(content)
        return path

    return write
