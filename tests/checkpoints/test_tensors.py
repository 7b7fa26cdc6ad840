"""Values of one tensor, against the libraries that own the formats."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import gguf
import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from explainer.checkpoints import ModelFile, ModelFileError, read, read_tensor
from explainer.models import path as model_path


@pytest.fixture(scope="module")
def smollm2() -> ModelFile:
    """SmolLM2's headers."""
    return read(model_path("smollm2"))


@pytest.mark.parametrize(
    "name", ["blk.0.attn_q.weight", "blk.29.ffn_down.weight", "blk.3.attn_norm.weight"]
)
def test_smollm2_values_equal_the_library(smollm2: ModelFile, name: str) -> None:
    """Values decode bit by bit as gguf's own reader and decoder give them."""
    (tensor,) = (t for t in smollm2 if t.name == name)
    with smollm2.paths[0].open("rb") as file:
        file.seek(tensor.offset)
        raw = np.frombuffer(file.read(tensor.stored_bytes), np.uint8)
    kind = gguf.GGMLQuantizationType[tensor.type]
    theirs = gguf.quants.dequantize(raw, kind).reshape(tensor.shape)
    ours = read_tensor(smollm2, name)
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(read_tensor(smollm2, name, rows=slice(1, 4)), theirs[1:4])


def test_raw_blocks(smollm2: ModelFile) -> None:
    """A row of 576 elements in Q8_0 is 18 blocks of 34 bytes."""
    blocks = read_tensor(smollm2, "token_embd.weight", rows=slice(0, 2), raw=True)
    assert blocks.shape == (2, 576 // 32 * 34)
    assert blocks.dtype == np.dtype(np.uint8)


def test_minilm_values_equal_the_library() -> None:
    """Every tensor of MiniLM reads as the safetensors library loads it."""
    path = model_path("minilm")
    file = read(path)
    for name, theirs in load_file(path).items():
        np.testing.assert_array_equal(read_tensor(file, name), theirs)


def test_types_of_safetensors(tmp_path: Path) -> None:
    """BF16, FP8, booleans, scalars and empty tensors come back in their own type, read-only."""
    arrays = {
        "a": np.arange(6).reshape(2, 3).astype(ml_dtypes.bfloat16),
        "b": np.arange(8).astype(ml_dtypes.float8_e4m3fn),
        "c": np.array(2.5, np.float16),
        "d": np.zeros((0, 4), np.int64),
        "e": np.array([True, False]),
    }
    path = tmp_path / "model.safetensors"
    save_file(arrays, path)
    file = read(path)
    for name, theirs in arrays.items():
        ours = read_tensor(file, name)
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
        np.testing.assert_array_equal(ours, theirs)
    with pytest.raises(ValueError, match="read-only"):
        read_tensor(file, "a")[0, 0] = 1


def test_reading_is_lazy(tmp_path: Path) -> None:
    """A row of a tensor of a gigabyte costs next to nothing."""
    header = b'{"x":{"dtype":"F32","shape":[65536,4096],"data_offsets":[0,1073741824]}}'
    path = tmp_path / "model.safetensors"
    with path.open("wb") as out:
        out.write(len(header).to_bytes(8, "little") + header)
        out.truncate(8 + len(header) + 2**30)
    file = read(path)
    tracemalloc.start()
    assert read_tensor(file, "x")[65535].sum() == 0
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_file_cut_since_is_refused(tmp_path: Path) -> None:
    """Mapping past the end would end the process; the size is checked first."""
    path = tmp_path / "model.safetensors"
    save_file({"x": np.ones(1000, np.float32)}, path)
    file = read(path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelFileError, match="is now"):
        read_tensor(file, "x")


def test_unknown_names_get_the_nearest(smollm2: ModelFile) -> None:
    """A misspelt tensor is answered with those that look like it."""
    with pytest.raises(KeyError, match=r"nearest: .*blk\.0\.attn_q\.weight"):
        read_tensor(smollm2, "blk.0.atn_q.weight")
