"""The GGUF reader, held against the `gguf` library's own reader and writer."""

from __future__ import annotations

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from explainer.checkpoints import ModelFileError, metadata_value, read
from explainer.checkpoints.stored_types import GGUF_TYPES
from explainer.models import path as model_path

# `facts/models.md`, section 1: counted by an independent parser.
SMOLLM2 = {"Q4_1": (210, 66_355_200), "Q8_0": (1, 30_081_024), "F32": (61, 140_544)}


@pytest.fixture(scope="module")
def library() -> gguf.GGUFReader:
    """The library's own view of SmolLM2, which takes it seconds."""
    return gguf.GGUFReader(model_path("smollm2"))


def test_type_table_equals_the_library() -> None:
    """Block size and bytes of every type are those of gguf.constants, and none is missing."""
    ours = {
        number: (block.name, block.block_size, block.block_bytes)
        for number, block in GGUF_TYPES.items()
    }
    theirs = {
        int(kind): (kind.name, *gguf.GGML_QUANT_SIZES[kind]) for kind in gguf.GGMLQuantizationType
    }
    assert ours == theirs


def test_smollm2_totals() -> None:
    """SmolLM2's real file has the parameters, bytes and types that were counted elsewhere."""
    file = read(model_path("smollm2"))
    assert (file.format, file.parameters) == ("gguf", 134_515_008)
    assert (file.parameter_bytes, file.file_bytes) == (96_576_768, 98_362_432)
    assert file.header_bytes == 1_785_664
    assert {n: (t.tensors, t.stored_bytes) for n, t in file.types.items()} == SMOLLM2
    assert file.kinds == {
        "weights": 134_515_008 - 35_136,
        "biases": 0,
        "gains": 35_136,
        "buffers": 0,
    }
    assert file.components == {
        "embedding": 28_311_552,
        "attention": 2 * 9_953_280 + 2 * 3_317_760,
        "feed_forward": 3 * 26_542_080,
        "norm": 35_136,
    }


def test_smollm2_agrees_with_the_library_tensor_by_tensor(library: gguf.GGUFReader) -> None:
    """Name, shape, type, bytes, parameters and place of every tensor equal GGUFReader's."""
    theirs = [
        (
            str(tensor.name),
            tuple(int(length) for length in reversed(tensor.shape)),
            tensor.tensor_type.name,
            int(tensor.n_bytes),
            int(tensor.n_elements),
            int(tensor.data_offset),
        )
        for tensor in library.tensors
    ]
    file = read(model_path("smollm2"))
    ours = [(t.name, t.shape, t.type, t.stored_bytes, t.parameters, t.offset) for t in file]
    assert ours == theirs


def test_smollm2_vocabulary_equals_the_library(library: gguf.GGUFReader) -> None:
    """Values that were left in the file read as the library reads them."""
    file = read(model_path("smollm2"))
    for key in ("tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "general.languages"):
        field = library.get_field(key)
        assert field is not None
        assert metadata_value(file, key) == field.contents()
    assert metadata_value(file, "llama.block_count") == 30
    with pytest.raises(KeyError, match=r"no metadata 'no\.such'"):
        metadata_value(file, "no.such")


def _write(path: Path, endian: gguf.GGUFEndian = gguf.GGUFEndian.LITTLE, align: int = 64) -> None:
    writer = gguf.GGUFWriter(path, "llama", endianess=endian)
    writer.add_custom_alignment(align)
    writer.add_array("some.floats", [1.5, -2.0])
    writer.add_string("some.template", "{{ x }}" * 1000)
    writer.add_bool("some.flag", True)
    rng = np.random.default_rng(0)
    for name in ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_1", "TQ1_0", "MXFP4"):
        kind = gguf.GGMLQuantizationType[name]
        values = rng.standard_normal((3, 256)).astype(np.float32)
        data = gguf.quants.quantize(values, kind)
        writer.add_tensor(f"blk.0.{name.lower()}.weight", data, raw_dtype=kind)
    writer.add_tensor("blk.0.attn_norm.weight", np.ones(5, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.mark.parametrize("align", [8, 64, 4096])
def test_written_file_agrees_with_the_library(tmp_path: Path, align: int) -> None:
    """A file of many types and an alignment of its own reads as the library reads it."""
    path = tmp_path / "model.gguf"
    _write(path, align=align)
    theirs = [
        (str(t.name), tuple(map(int, reversed(t.shape))), t.tensor_type.name, int(t.data_offset))
        for t in gguf.GGUFReader(path).tensors
    ]
    file = read(path)
    assert [(t.name, t.shape, t.type, t.offset) for t in file] == theirs
    assert metadata_value(file, "some.template") == "{{ x }}" * 1000
    assert metadata_value(file, "some.floats") == [1.5, -2.0]
    assert file.metadata["some.flag"] is True


def test_big_endian_header(tmp_path: Path) -> None:
    """A big-endian file gives the same tensors as its little-endian twin."""
    little, big = tmp_path / "little.gguf", tmp_path / "big.gguf"
    _write(little)
    _write(big, gguf.GGUFEndian.BIG)
    assert [(t.name, t.shape, t.type, t.offset) for t in read(big)] == [
        (t.name, t.shape, t.type, t.offset) for t in read(little)
    ]
    assert metadata_value(read(big), "some.floats") == [1.5, -2.0]


def test_split_model_is_one_model(tmp_path: Path) -> None:
    """Any part of a split GGUF leads to all of it; a missing part is named."""
    writer = gguf.GGUFWriter(tmp_path / "m.gguf", "llama", split_max_tensors=2, split_max_size=0)
    for number in range(5):
        writer.add_tensor(f"blk.{number}.ffn_up.weight", np.zeros((4, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    parts = sorted(tmp_path.glob("*.gguf"))
    assert len(parts) == 3
    for start in (parts[0], parts[2], tmp_path):
        assert read(start).parameters == 5 * 4 * 32
        assert len(read(start).paths) == 3
    parts[1].unlink()
    with pytest.raises(ModelFileError, match="1 of 3 shards are missing, the first is m-00002-of"):
        read(parts[0])


def test_a_header_ends_where_it_must(tmp_path: Path) -> None:
    """Nothing is read beyond 128 MiB, not even what a window of the file would hold."""
    path = tmp_path / "model.gguf"
    for beyond, accepted in ((0, True), (1, False)):
        key = struct.pack("<Q", 1) + b"k" + struct.pack("<IIQ", 9, 0, 0)
        last = struct.pack("<Q", 1) + b"l" + struct.pack("<II", 4, 7)
        count = (1 << 27) - 24 - len(key) - len(last) + beyond
        with path.open("wb") as file:
            file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 2))
            file.write(key[:-8] + struct.pack("<Q", count))
            file.seek(count, 1)
            file.write(last)
            file.truncate(1 << 28)
        if accepted:
            assert read(path).metadata["l"] == 7
        else:
            with pytest.raises(ModelFileError, match="the header is longer than"):
                read(path)
