"""Sharded models and directories count as one model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from explainer.checkpoints import ModelFileError, read
from explainer.models import path as model_path

WriteSparse = Callable[..., Path]


def _sharded(directory: Path, index: bool) -> None:
    weight_map: dict[str, str] = {}
    for shard in (1, 2, 3):
        name = f"model-{shard:05d}-of-00003.safetensors"
        tensors = {f"model.layers.{shard}.mlp.up_proj.weight": np.zeros((4, 8), np.float16)}
        save_file(tensors, directory / name)
        weight_map |= dict.fromkeys(tensors, name)
    if index:
        document = {"metadata": {"total_size": 192}, "weight_map": weight_map}
        (directory / "model.safetensors.index.json").write_text(json.dumps(document))


@pytest.mark.parametrize("index", [True, False])
def test_a_directory_of_shards(tmp_path: Path, index: bool) -> None:
    """With or without an index, three shards of 32 parameters are 96 parameters."""
    _sharded(tmp_path, index)
    file = read(tmp_path)
    assert (file.parameters, len(file.paths)) == (96, 3)
    assert file.file_bytes == sum(p.stat().st_size for p in tmp_path.glob("*.safetensors"))
    assert {tensor.shard for tensor in file} == {0, 1, 2}
    if index:
        assert read(tmp_path / "model.safetensors.index.json").parameters == 96
    (tmp_path / "model-00002-of-00003.safetensors").unlink()
    with pytest.raises(ModelFileError, match=r"missing, the first is model-00002-of-00003"):
        read(tmp_path)


def test_one_shard_says_that_it_is_one(tmp_path: Path) -> None:
    """A single shard is counted alone, with a note."""
    _sharded(tmp_path, index=True)
    file = read(tmp_path / "model-00001-of-00003.safetensors")
    assert file.parameters == 32
    assert file.notes[0].startswith("This is one of 3 shards")


def test_the_same_tensor_in_two_shards_is_refused(tmp_path: Path) -> None:
    """Nobody knows which of the two is meant."""
    for shard in (1, 2):
        save_file({"x": np.zeros(1)}, tmp_path / f"m-{shard:05d}-of-00002.safetensors")
    with pytest.raises(ModelFileError, match="'x' stands in two shards"):
        read(tmp_path)


def test_directories_with_a_single_model(tmp_path: Path) -> None:
    """MiniLM's own directory, and a GGUF beside its image projector."""
    assert read(model_path("minilm").parent).parameters == 22_713_216
    (tmp_path / "model.gguf").symlink_to(model_path("smollm2"))
    (tmp_path / "mmproj-model.gguf").write_bytes(b"")
    assert read(tmp_path).parameters == 134_515_008


def test_duplicates_are_counted_and_pointed_out(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """A stored copy of the embedding counts, as nothing in the file says that it is one."""
    layout = {"model.embed_tokens.weight": ("BF16", (8, 4)), "lm_head.weight": ("BF16", (8, 4))}
    file = read(write_sparse(tmp_path / "model.safetensors", layout))
    assert file.parameters == 64
    assert "stored apart" in file.notes[0]
