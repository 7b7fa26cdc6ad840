"""The safetensors reader, held against the `safetensors` library."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
import safetensors
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save, save_file

from explainer.checkpoints import ModelFileError, read
from explainer.checkpoints.stored_types import SAFETENSORS_BITS
from explainer.models import path as model_path

DTYPES: list[npt.DTypeLike] = [np.float32, np.float16, np.int8, np.uint8, np.int64, np.bool_]


def test_minilm_agrees_with_the_library() -> None:
    """Name, shape, type and bytes of MiniLM's tensors equal the library's; 22,713,216 in all."""
    path = model_path("minilm")
    with safetensors.safe_open(path, "np") as theirs:
        for tensor in (file := read(path)):
            piece = theirs.get_slice(tensor.name)
            assert tensor.shape == tuple(piece.get_shape())
            assert tensor.type == piece.get_dtype()
        assert sorted(t.name for t in file) == sorted(theirs.keys())
    assert file.parameters == 22_713_216
    assert file.bits_per_parameter == 32.0
    # `position_ids`, 512 integers, is stored but is no parameter.
    assert file.kinds["buffers"] == 512


@given(
    st.lists(
        st.tuples(st.sampled_from(range(len(DTYPES))), st.lists(st.integers(0, 5), max_size=4)),
        min_size=1,  # without tensors, safetensors 0.8 writes metadata that is not JSON
        max_size=6,
    ),
    st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3),
)
def test_whatever_the_library_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    tensors: list[tuple[int, list[int]]],
    metadata: dict[str, str],
) -> None:
    """Shapes, types, bytes and metadata come back as they were given to the library."""
    arrays = {
        f"layer.{number}.wéight": np.zeros(shape, DTYPES[dtype])
        for number, (dtype, shape) in enumerate(tensors)
    }
    path = tmp_path_factory.mktemp("written") / "model.safetensors"
    save_file(arrays, path, metadata)
    file = read(path)
    assert {t.name: (t.shape, t.stored_bytes) for t in file} == {
        name: (array.shape, array.nbytes) for name, array in arrays.items()
    }
    assert dict(file.metadata) == metadata


def test_every_type_of_the_library_is_known() -> None:
    """Each type has the bits that make the library accept it, and one more bit makes it refuse."""
    for dtype, bits in SAFETENSORS_BITS.items():
        for stored_bytes, fits in ((bits, True), (bits + 1, False)):
            entry = {"dtype": dtype, "shape": [8], "data_offsets": [0, stored_bytes]}
            raw = json.dumps({"x": entry}).encode()
            document = struct.pack("<Q", len(raw)) + raw + bytes(stored_bytes)
            try:
                _deserialize(document)
                accepted = True
            except safetensors.SafetensorError:
                accepted = False
            assert accepted is fits, dtype


def _deserialize(document: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Return what the library makes of a document; it has no types."""
    tensors: list[tuple[str, dict[str, Any]]] = getattr(safetensors, "deserialize")(document)  # noqa: B009
    return tensors


VALID = '{"a":{"dtype":"U8","shape":[2,4],"data_offsets":[0,8]}}'
HEADERS = [
    VALID,
    "  " + VALID + "  ",
    VALID.replace(",", " ,\n").replace(":", " : "),
    VALID.replace('"a"', '"\\u00e9\\n"'),
    VALID.replace('"shape"', '"extra":{"deep":[{}]},"shape"'),
    VALID.replace('{"a"', '{"__metadata__":null,"a"'),
    VALID.replace('{"a"', '{"__metadata__":{"k":"v\\"}"},"a"'),
    *(
        VALID.replace('{"a"', '{"__metadata__":{"k":"' + text + "x" * length + '"},"a"')
        for text in ("\\n", "\\q", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "\x1f", "\\u00é")
        for length in (1, 5_000, 70_000)
    ),
    VALID.replace("[2,4]", "[2,4,1,1,1,1,1,1,1,1]"),
    VALID.replace("[2,4]", "[2.0,4]"),
    VALID.replace("[2,4]", "[true,8]"),
    VALID.replace("[2,4]", "[-2,-4]"),
    VALID.replace("[2,4]", "[02,4]"),
    VALID.replace("[2,4]", "[2,4,]"),
    VALID.replace("[2,4]", "[NaN]"),
    VALID.replace("[2,4]", "8"),
    VALID.replace("[2,4]", "[1099511627776,1099511627776]"),
    VALID.replace("[2,4]", "[9223372036854775808,2,0]"),
    VALID.replace("[2,4]", "[18446744073709551616]"),
    VALID.replace("[0,8]", "[8,0]"),
    VALID.replace("[0,8]", "[1,9]"),
    VALID.replace("[0,8]", "[0,8,8]"),
    VALID.replace("[0,8]", "[0,7]"),
    VALID.replace("U8", "U9"),
    VALID.replace('"U8"', "8"),
    VALID.replace('"dtype":"U8",', ""),
    VALID.replace('"dtype"', '"dtype":"I8","dtype"'),
    VALID.replace('{"a"', '{"__metadata__":{"k":1},"a"'),
    VALID.replace('{"a"', '{"__metadata__":[],"a"'),
    VALID.replace('"a"', '"\\ud800"'),
    VALID[:-1],
    VALID[:-1] + ",}",
    VALID + "}",
    "[" + VALID + "]",
    "{}",
    "",
    "null",
    '{"a":' + "[" * 5000,
]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_is_accepted_exactly_when_the_library_accepts_it(
    tmp_path: Path, header: str
) -> None:
    """Odd but valid JSON is read and invalid JSON refused, as the library does either."""
    data = bytes(0 if header == "{}" else 8)
    raw = header.encode()
    document = struct.pack("<Q", len(raw)) + raw + data
    path = tmp_path / "model.safetensors"
    path.write_bytes(document)
    try:
        theirs = {name: tuple(t["shape"]) for name, t in _deserialize(document)}
    except safetensors.SafetensorError:
        with pytest.raises(ModelFileError):
            read(path)
    else:
        assert {t.name: t.shape for t in read(path)} == theirs


@pytest.mark.parametrize("length", [640, 896, 1152, 1408, 35_615, 640 + 2**16])
def test_a_length_may_begin_like_another_kind_of_file(tmp_path: Path, length: int) -> None:
    """A header of 640 bytes begins as a pickle does, one of 35,615 as gzip: they are read."""
    path = tmp_path / "model.safetensors"
    raw = VALID.encode().ljust(length)
    path.write_bytes(document := struct.pack("<Q", length) + raw + bytes(8))
    assert [name for name, _ in _deserialize(document)] == ["a"]
    assert read(path).parameters == 8


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """The library keeps the last of two; here the file is refused, as nobody knows which is meant.

    The two have no bytes, so that only the name is at fault.
    """
    entry = '"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'
    raw = f"{{{entry},{entry}}}".encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(struct.pack("<Q", len(raw)) + raw)
    with pytest.raises(ModelFileError, match="two entries are named 'a'"):
        read(path)


def test_bfloat16_counts_two_bytes(tmp_path: Path) -> None:
    """A BF16 file has sixteen bits a parameter, plain arithmetic on its bytes."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(save({"lm_head.weight": np.zeros((3, 5), ml_dtypes.bfloat16)}))
    file = read(path)
    assert (file.parameters, file.parameter_bytes, file.bits_per_parameter) == (15, 30, 16.0)
