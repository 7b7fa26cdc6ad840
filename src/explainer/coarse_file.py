"""Writing a model again with its layers' matrices in a coarser format, for other tools to read.

The matrices that `explainer.ladder` coarsens change; every other tensor and all metadata are
copied as they are. Blocks are encoded by `gguf_exact`, so a file holds what llama.cpp's own
rounding would give.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from explainer.checkpoints import ModelFile, ModelFileError, StoredTensor, read_tensor
from explainer.coarsening import BLOCKS
from explainer.ladder import MATRICES
from explainer.models.llama_config import config_from_gguf, config_from_json
from explainer.models.llama_file import check_tensors, tensor_names
from explainer.quantization.gguf_exact import encode_exact

GGUF_FORMATS = (*BLOCKS, "f16", "bf16", "f32")
"""What a GGUF can hold; other formats can be measured but not written."""
SAFETENSORS_FORMATS = ("f16", "bf16", "f32")
_DTYPES: dict[str, npt.DTypeLike] = {
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f32": np.float32,
}
# llama.cpp's number for "mostly" this type, which it shows as the file's name.
_FILE_TYPES = {
    **{"f32": 0, "f16": 1, "q4_0": 2, "q4_1": 3},
    **{"q8_0": 7, "q5_0": 8, "q5_1": 9, "bf16": 32},
}


def write_coarse(file: ModelFile, out: Path, name: str) -> None:
    """Write a model with the matrices of its layers in one format.

    Args:
        file: A Llama-type model, from `explainer.checkpoints.read`.
        out: Where to; `.gguf` from a GGUF, `.safetensors` from safetensors. It appears when it is
            complete; a file of this name is not overwritten.
        name: One of `GGUF_FORMATS`, or of `SAFETENSORS_FORMATS`.

    Raises:
        ValueError: If this kind of file cannot hold the format, or blocks do not divide a row.
        ModelFileError: If the model is not of Llama's architecture, or `out` exists or cannot be
            written.
    """
    formats = {"gguf": GGUF_FORMATS, "safetensors": SAFETENSORS_FORMATS}[file.format]
    if out.suffix != f".{file.format}":
        raise ValueError(f"a {file.format} model is written as .{file.format} (got {out.name!r})")
    if name not in formats:
        raise ValueError(
            f"`format` (={name!r}) cannot be stored in {file.format}; it holds {', '.join(formats)}"
        )
    if os.path.lexists(out):
        raise ModelFileError(out, "this exists already; remove it, or give another name")
    changed = _matrices(file)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    write = _write_gguf if file.format == "gguf" else _write_safetensors
    try:
        write(file, part, name, changed)
        os.replace(part, out)
    except OSError as error:
        raise ModelFileError(out, f"cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def _matrices(file: ModelFile) -> set[str]:
    """Return the names of the tensors that change."""
    if file.format == "gguf":
        config = config_from_gguf(file)
    else:
        config = config_from_json(file.paths[0].parent / "config.json")
    check_tensors(file, config)
    return {name for field in MATRICES for name in tensor_names(field, config, file.format)}


def _coarse(file: ModelFile, tensor: StoredTensor, name: str) -> npt.NDArray[Any]:
    """Return one matrix as it will lie in the file: rows of blocks, or of numbers."""
    values = np.asarray(read_tensor(file, tensor.name), np.float32)
    if name in BLOCKS:
        try:
            return encode_exact(values, qtype=name.upper())
        except ValueError as error:
            raise ValueError(f"{tensor.name}: {error}") from None
    return values.astype(_DTYPES[name])


def _write_gguf(file: ModelFile, part: Path, name: str, changed: set[str]) -> None:
    import gguf

    if len(file.paths) > 1 or file.big_endian:
        raise ModelFileError(file.paths[0], "only one little-endian GGUF file is written again")
    reader = gguf.GGUFReader(file.paths[0])
    architecture = reader.fields["general.architecture"].contents()
    writer = gguf.GGUFWriter(part, architecture)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        value_type, *inner = field.types
        value = field.contents()
        if field.name == "general.file_type":
            value = _FILE_TYPES[name]
        writer.add_key_value(field.name, value, value_type, inner[-1] if inner else None)
    if "general.file_type" not in reader.fields:
        writer.add_file_type(_FILE_TYPES[name])
    kind = gguf.GGMLQuantizationType[name.upper()]
    makers: list[Callable[[], npt.NDArray[Any]]] = []
    ours = {tensor.name: tensor for tensor in file.tensors}
    for tensor in reader.tensors:
        if tensor.name in changed:
            shape = ours[tensor.name].shape
            block_size, block_bytes = gguf.GGML_QUANT_SIZES[kind]
            nbytes = tensor.n_elements // block_size * block_bytes
            writer.add_tensor_info(tensor.name, shape, np.dtype(np.float32), int(nbytes), kind)
            makers.append(lambda stored=ours[tensor.name]: _coarse(file, stored, name))  # type: ignore[misc]
        else:
            data = tensor.data
            writer.add_tensor_info(
                tensor.name, data.shape, data.dtype, data.nbytes, tensor.tensor_type
            )
            makers.append(lambda data=data: data)  # type: ignore[misc]
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for make in makers:  # one matrix in memory at a time
            writer.write_tensor_data(make())
    finally:
        writer.close()


def _write_safetensors(file: ModelFile, part: Path, name: str, changed: set[str]) -> None:
    """Write one safetensors file, a tensor at a time."""
    codes = {"f16": "F16", "bf16": "BF16", "f32": "F32"}
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in file.tensors:
        kind, nbytes = tensor.type, tensor.stored_bytes
        if tensor.name in changed:
            kind, nbytes = codes[name], tensor.elements * np.dtype(_DTYPES[name]).itemsize
        header[tensor.name] = {
            "dtype": kind,
            "shape": list(tensor.shape),
            "data_offsets": [end, end + nbytes],
        }
        end += nbytes
    raw = json.dumps(header, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)
    with part.open("xb") as opened:
        opened.write(len(raw).to_bytes(8, "little") + raw)
        for tensor in file.tensors:
            values = (
                _coarse(file, tensor, name)
                if tensor.name in changed
                else read_tensor(file, tensor.name)
            )
            opened.write(np.ascontiguousarray(values).tobytes())
