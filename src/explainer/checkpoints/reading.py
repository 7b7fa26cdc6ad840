"""Reading a model's headers: one file, or all shards of one model."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, BinaryIO

from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.gguf import GgufHeader, read_gguf_header
from explainer.checkpoints.meaning import Shapes, interpret
from explainer.checkpoints.model_file import ModelFile, RawTensor
from explainer.checkpoints.opening import (
    HEAD_BYTES,
    is_directory,
    open_regular,
    read_at,
    recognise,
)
from explainer.checkpoints.safetensors import SafetensorsHeader, read_safetensors_header
from explainer.checkpoints.shards import files_of_directory, parts_of, read_index

MAX_STATED_BYTES = 4_096
"""Size up to which a tensor that states another's shape is read."""


def read(path: str | os.PathLike[str]) -> ModelFile:
    """Read what a GGUF or safetensors model holds, without loading a tensor.

    Args:
        path: A file; one part of a split GGUF; `model.safetensors.index.json`; or a directory that
            holds one model. What the file is, is told by its content, not by its name.

    Returns:
        Every tensor with its shape in NumPy's order, (out, in), its stored type, place and bytes,
        and the parameters that it stands for.

    Raises:
        ModelFileError: If it cannot be read, is something else, or contradicts itself.

    Examples:
        >>> from explainer.models import path
        >>> f"{read(path('smollm2')).parameters:,}"
        '134,515,008'
    """
    start = Path(path)
    paths = files_of_directory(start) if is_directory(start) else (start,)
    names: tuple[str, ...] = ()
    weight_map: dict[str, str] = {}
    if len(paths) == 1 and paths[0].name.endswith(".index.json"):
        weight_map = read_index(paths[0])
        names = tuple(sorted(set(weight_map.values())))
        paths = tuple(paths[0].parent / name for name in names)
    elif len(paths) == 1 and paths[0].suffix == ".gguf":
        paths = parts_of(paths[0])
    _check_present(start, paths)
    shapes: Shapes = {}
    headers = [_read_header(shard, shapes) for shard in paths]
    if weight_map:
        _check_index(start, weight_map, dict(zip(names, headers, strict=True)))
    return interpret(start, paths, headers, shapes)


def _check_present(start: Path, paths: tuple[Path, ...]) -> None:
    """Name the shards that are missing before reading the others."""
    if len(paths) == 1:
        return
    missing = [path.name for path in paths if not os.path.exists(path)]
    if missing:
        raise ModelFileError(
            start,
            f"{len(missing)} of {len(paths)} shards are missing, the first is {missing[0]}; "
            "download them all",
        )


def _read_header(path: Path, shapes: Shapes) -> GgufHeader | SafetensorsHeader:
    file, file_bytes = open_regular(path)
    with file:
        if recognise(read_at(file, path, 0, HEAD_BYTES), path, file_bytes) == "gguf":
            return read_gguf_header(file, path, file_bytes)
        header = read_safetensors_header(file, path, file_bytes)
        for tensor in header.tensors:
            if packed := _states_shape_of(tensor):
                shape = _stated_shape(file, path, tensor)
                if shape:
                    shapes[packed] = shape
    return header


def _states_shape_of(tensor: RawTensor) -> str:
    """Return the name of the packed tensor whose shape this one states; empty if it does not."""
    if tensor.stored_bytes > MAX_STATED_BYTES:
        return ""
    if tensor.name.endswith(".weight_shape"):
        return tensor.name.removesuffix("_shape") + "_packed"
    base, separator, _ = tensor.name.partition(".quant_state.bitsandbytes__")
    return base if separator else ""


def _stated_shape(file: BinaryIO, path: Path, tensor: RawTensor) -> tuple[int, ...] | None:
    """Return the shape that a tiny tensor states: integers, or bitsandbytes' JSON."""
    raw = read_at(file, path, tensor.offset, tensor.stored_bytes)
    values: Any = None
    if tensor.type in ("I32", "I64"):
        width = 4 if tensor.type == "I32" else 8
        values = [
            int.from_bytes(raw[at : at + width], "little", signed=True)
            for at in range(0, len(raw), width)
        ]
    else:
        try:
            values = json.loads(raw)["shape"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
    if type(values) is not list or not 1 <= len(values) <= 8:
        return None
    lengths = tuple(value for value in values if type(value) is int and 0 < value < 2**48)
    return lengths if len(lengths) == len(values) else None


def _check_index(
    start: Path, weight_map: dict[str, str], headers: dict[str, GgufHeader | SafetensorsHeader]
) -> None:
    held = {name: {tensor.name for tensor in header.tensors} for name, header in headers.items()}
    for name, shard in weight_map.items():
        if name not in held[shard]:
            raise ModelFileError(
                start, f"the index promises {name!r} in {shard}, which does not hold it"
            )
