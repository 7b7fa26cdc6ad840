"""From headers to a model: what each tensor is, and how many parameters it stands for."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.gguf import GgufHeader
from explainer.checkpoints.model_file import CONSTANTS, ModelFile, RawTensor, StoredTensor
from explainer.checkpoints.names import component_of, extra_layers_of, kind_of
from explainer.checkpoints.packing import Hints, is_constant, logical_parameters
from explainer.checkpoints.safetensors import SafetensorsHeader
from explainer.checkpoints.shards import parts_of, read_config

Shapes = dict[str, tuple[int, ...]]


def interpret(
    start: Path,
    paths: tuple[Path, ...],
    headers: list[GgufHeader | SafetensorsHeader],
    shapes: Shapes,
) -> ModelFile:
    """Join the headers of one model's files, and say what its tensors mean.

    Args:
        start: What the user named, for messages.
        paths: The files.
        headers: Their headers, in the same order.
        shapes: Shapes before packing, where the files state them, by name of the packed tensor.

    Returns:
        The model.

    Raises:
        ModelFileError: If the files do not fit together, or a packing cannot be told.
    """
    if len({type(header) for header in headers}) > 1:
        raise ModelFileError(start, "some shards are GGUF and some are safetensors")
    tensors: dict[str, RawTensor] = {}
    for path, header in zip(paths, headers, strict=True):
        for tensor in header.tensors:
            if tensor.name in tensors:
                raise ModelFileError(path, f"{tensor.name!r} stands in two shards", tensor.offset)
            tensors[tensor.name] = tensor
    packed = any(tensor.type in ("I32", "U32") for tensor in tensors.values())
    hints = Hints(start, shapes, read_config(paths[0].parent) if packed else {})
    extra_layers = extra_layers_of(list(tensors))
    stored = tuple(
        _stored(tensor, shard, tensors, hints, extra_layers)
        for shard, header in enumerate(headers)
        for tensor in header.tensors
    )
    return ModelFile(
        format="gguf" if isinstance(headers[0], GgufHeader) else "safetensors",
        paths=paths,
        shard_bytes=tuple(header.file_bytes for header in headers),
        tensors=stored,
        metadata=MappingProxyType(headers[0].metadata),
        notes=_notes(paths, stored),
        big_endian=isinstance(headers[0], GgufHeader) and headers[0].endian == ">",
    )


def _stored(
    tensor: RawTensor,
    shard: int,
    tensors: dict[str, RawTensor],
    hints: Hints,
    extra_layers: frozenset[str],
) -> StoredTensor:
    kind = kind_of(tensor.name, len(tensor.shape))
    if is_constant(tensor, tensors):
        kind = CONSTANTS
    counted = kind not in ("buffers", CONSTANTS)
    return StoredTensor(
        tensor.name,
        tensor.shape,
        tensor.type,
        tensor.offset,
        tensor.stored_bytes,
        logical_parameters(tensor, tensors, hints) if counted else 0,
        kind,
        component_of(tensor.name, extra_layers),
        shard,
    )


def _notes(paths: tuple[Path, ...], tensors: tuple[StoredTensor, ...]) -> tuple[str, ...]:
    notes = []
    if len(paths) == 1:
        parts = len(_named_parts(paths[0]))
        if parts > 1:
            notes.append(f"This is one of {parts} shards; the totals are those of this one alone.")
    head = [t for t in tensors if t.component == "head" and t.kind == "weights"]
    embedding = [t for t in tensors if t.component == "embedding" and t.kind == "weights"]
    for one in head:
        for other in embedding:
            if one.shape == other.shape and one.type == other.type:
                notes.append(
                    f"{one.name} and {other.name} have the same shape and type and are stored "
                    "apart; whether the model ties them, the file does not say. Both are counted."
                )
    return tuple(notes[:8])


def _named_parts(path: Path) -> tuple[Path, ...]:
    try:
        return parts_of(path)
    except ModelFileError:
        return (path,)
