"""Reading one tensor's values, mapped from the file: only what is looked at is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.model_file import ModelFile, StoredTensor
from explainer.checkpoints.opening import open_regular
from explainer.checkpoints.stored_types import GGUF_TYPES

_DTYPES: dict[str, npt.DTypeLike] = {
    "BOOL": np.bool_,
    "U8": np.uint8,
    "I8": np.int8,
    "U16": np.uint16,
    "I16": np.int16,
    "U32": np.uint32,
    "I32": np.int32,
    "U64": np.uint64,
    "I64": np.int64,
    "F16": np.float16,
    "F32": np.float32,
    "F64": np.float64,
    "C64": np.complex64,
    "BF16": ml_dtypes.bfloat16,
    "F8_E4M3": ml_dtypes.float8_e4m3fn,
    "F8_E5M2": ml_dtypes.float8_e5m2,
    "F8_E8M0": ml_dtypes.float8_e8m0fnu,
    "F8_E4M3FNUZ": ml_dtypes.float8_e4m3fnuz,
    "F8_E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
}
_BLOCKS = {block.name: block for block in GGUF_TYPES.values() if block.block_size > 1}


def tensor_named(file: ModelFile, name: str) -> StoredTensor:
    """Return the tensor of this name.

    Raises:
        KeyError: If the file has none; the message names the nearest.
    """
    for tensor in file.tensors:
        if tensor.name == name:
            return tensor
    from difflib import get_close_matches

    near = get_close_matches(name, [tensor.name for tensor in file.tensors], n=3)
    raise KeyError(f"no tensor {name!r} in {file.paths[0].name}; nearest: {', '.join(near)}")


def read_tensor(
    file: ModelFile, name: str, *, rows: slice = slice(None), raw: bool = False
) -> npt.NDArray[Any]:
    """Return the values of one tensor, in NumPy's order (out, in).

    Args:
        file: The model file, from `read`.
        name: The tensor, as the file names it.
        rows: Which rows of the first axis; only their bytes are touched.
        raw: Return stored blocks of a quantized GGUF tensor as bytes, not the values they decode
            to.

    Returns:
        A read-only view of the mapped file in the stored type; for the quantized types of GGUF,
        float32 values decoded by the `gguf` library. Packed int4 and the like of safetensors come
        as they are stored.

    Raises:
        KeyError: If no tensor has this name.
        ModelFileError: If the file has changed since its header was read, or holds values of less
            than a byte or in the other byte order.

    Examples:
        >>> from explainer.checkpoints import read
        >>> from explainer.models import path
        >>> read_tensor(read(path("smollm2")), "token_embd.weight", rows=slice(0, 2)).shape
        (2, 576)
    """
    tensor = tensor_named(file, name)
    path = file.paths[tensor.shard]
    if file.big_endian:
        raise ModelFileError(path, "values are read from little-endian files only", tensor.offset)
    block = _BLOCKS.get(tensor.type) if file.format == "gguf" else None
    if block is not None:
        *outer, row = tensor.shape or (1,)
        shape = (*outer, row // block.block_size * block.block_bytes)
        stored = _mapped(path, file.shard_bytes[tensor.shard], tensor, np.uint8, shape)
        chosen = stored[rows]
        return chosen if raw else _decoded(chosen, tensor.type)
    dtype = _DTYPES.get(tensor.type)
    if dtype is None:
        raise ModelFileError(
            path, f"{name!r} is of type {tensor.type}, less than a byte a value", tensor.offset
        )
    values = _mapped(path, file.shard_bytes[tensor.shard], tensor, dtype, tensor.shape)
    return values[rows] if tensor.shape else values


def _mapped(
    path: Path,
    file_bytes: int,
    tensor: StoredTensor,
    dtype: npt.DTypeLike,
    shape: tuple[int, ...],
) -> npt.NDArray[Any]:
    opened, size = open_regular(path)
    with opened:
        # Touching a mapped page past the end of a file ends the process.
        if size != file_bytes:
            raise ModelFileError(
                path, f"the file was {file_bytes:,} bytes long and is now {size:,}; read it again"
            )
        if not tensor.stored_bytes:
            return np.zeros(shape, dtype)
        mapped = np.memmap(opened, np.uint8, "r", tensor.offset, (tensor.stored_bytes,))
    return np.asarray(mapped).view(dtype).reshape(shape)


def _decoded(blocks: npt.NDArray[Any], type_name: str) -> npt.NDArray[Any]:
    # Imported here: it takes longer than everything else that a header needs.
    from gguf import GGMLQuantizationType
    from gguf.quants import dequantize

    values: npt.NDArray[Any] = dequantize(blocks, GGMLQuantizationType[type_name])
    return values
