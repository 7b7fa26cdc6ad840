"""Headers of real files, whole and damaged: each as a difference from a specimen."""

from __future__ import annotations

import base64
import os
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from explainer.checkpoints import ModelFileError
from explainer.checkpoints.model_file import RawTensor
from tests.checkpoints.test_hostile import CONTENTS
from tests.checkpoints.test_mutations import Specimen, mutate, write

LENGTH_BYTES = 8
MOST_BYTES = 1 << 20
Read = Callable[[BinaryIO, Path, int], Sequence[RawTensor]]


def header_cases(
    specimens: Sequence[Specimen],
    read: Read,
    *,
    mutations: int,
    hostile: str = "",
    odd: Sequence[bytes] = (),
) -> dict[str, Any]:
    """Return specimens, and files with what the library finds in them, or None if it refuses.

    Args:
        specimens: Sound files.
        read: The library's reader.
        mutations: How many damaged files there are of each specimen.
        hostile: Suffix of the hostile files that go along.
        odd: Whole files besides, sound or not.
    """
    rng = random.Random(0)
    cases: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, specimen in enumerate(specimens):
            for turn in range(1 + mutations):
                sound = specimen.header, specimen.data_bytes
                header, hole = mutate(specimen, rng) if turn else sound
                found = _found(write(Path(folder), specimen, header, hole), read, whole=not turn)
                case = _difference(specimen.header, header)
                cases.append({"base": number, **case, "hole": hole, "found": found})
        files = [one for name, (one, _) in CONTENTS.items() if hostile and name.endswith(hostile)]
        path = Path(folder) / "model"
        for content in (*files, *odd):
            if LENGTH_BYTES <= len(content) <= MOST_BYTES:
                path.write_bytes(content)
                case = _difference(bytes(LENGTH_BYTES), content)
                cases.append({"base": None, **case, "hole": 0, "found": _found(path, read)})
    bases = [base64.b64encode(one.header).decode() for one in specimens]
    return {"bases": bases, "cases": cases}


def _found(path: Path, read: Read, *, whole: bool = False) -> dict[str, Any] | None:
    with path.open("rb", buffering=0) as file:
        try:
            tensors = read(file, path, os.fstat(file.fileno()).st_size)
        except ModelFileError:
            return None
    totals = (sum(values) for values in zip(*_numbers(tensors), strict=True))
    found = {"count": len(tensors), "totals": list(totals)}
    return found | {"tensors": [_listed(one) for one in tensors]} if whole else found


def _numbers(tensors: Iterable[RawTensor]) -> list[tuple[int, int, int]]:
    """Return place, bytes and elements; an empty tensor may lie anywhere, and counts as nothing."""
    filled = [one for one in tensors if one.stored_bytes]
    return [(0, 0, 0), *((one.offset, one.stored_bytes, one.elements) for one in filled)]


def _listed(one: RawTensor) -> dict[str, Any]:
    return {"name": one.name, "shape": ",".join(map(str, one.shape)), "type": one.type}


def _difference(base: bytes, other: bytes) -> dict[str, Any]:
    """Return the first bytes, and of the others where they begin to differ and what is new.

    The first bytes are a length, which changes with whatever changes, and stand apart.
    """
    base, first, other = base[LENGTH_BYTES:], other[:LENGTH_BYTES], other[LENGTH_BYTES:]
    start = _agreement(base, other)
    rest = _agreement(base[start:][::-1], other[start:][::-1])
    middle = base64.b64encode(other[start : len(other) - rest]).decode()
    first_bytes = base64.b64encode(first).decode()
    return {"first": first_bytes, "start": start, "rest": rest, "middle": middle}


def _agreement(one: bytes, other: bytes) -> int:
    """Return how many bytes at the beginning of two texts are the same."""
    both = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in both if a != b), min(len(one), len(other)))
