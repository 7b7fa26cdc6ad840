"""Paths and files that are not what they seem end in `ModelFileError`, at once."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainer.checkpoints import ModelFileError, read
from explainer.models import path as model_path


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    """Hold every test here to two seconds: a refusal must not take work."""
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < 2


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def _gguf(*, keys: bytes = b"", key_count: int = 0, infos: bytes = b"", count: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, count, key_count) + keys + infos


def _info(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    lengths = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
    return _text(name) + lengths + struct.pack("<IQ", kind, offset)


def _array(kind: int, count: int) -> bytes:
    return _text("k") + struct.pack("<IIQ", 9, kind, count)


def _safetensors(header: bytes, data: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header + data


def _entry(shape: object, start: int, end: int) -> dict[str, object]:
    return {"dtype": "U8", "shape": shape, "data_offsets": [start, end]}


def _json(tensors: object, data: bytes = b"") -> bytes:
    return _safetensors(json.dumps(tensors).encode(), data)


ALIGN = _text("general.alignment") + struct.pack("<II", 4, 0)
NESTED = _text("k") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 50

CONTENTS: dict[str, tuple[bytes, str]] = {
    "empty.gguf": (b"", "the file is empty"),
    "page.gguf": (b"\n<!DOCTYPE html><html><body>404</body>", "a web page saved under"),
    "page.safetensors": (b"<html>" + b" " * 600, "a web page"),
    "pointer.gguf": (b"version https://git-lfs.github.com/spec/v1\noid", "git lfs pull"),
    "model.bin": (b"\x80\x02}q\x00.", "a Python pickle; a pickle runs code"),
    "odd.pt": (b"whatever", "a .pt file is a pickle"),
    "archive.pt": (b"PK\x03\x04" + bytes(60), "ZIP archive.*a pickle runs code"),
    "old.bin": (b"tjgg" + bytes(60), "older than GGUF"),
    "config.json": (b'{"model_type": "llama"}', "JSON, not a model file"),
    "noise": (b"abcdefgh", "neither GGUF"),
    "one.safetensors": (b"\x01", "neither GGUF|8 bytes of length"),
    # GGUF: counts and lengths
    "magic.gguf": (b"GGUF", "ends inside the version"),
    "first.gguf": (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1;"),
    "later.gguf": (b"GGUF" + struct.pack("<IQQ", 4, 0, 0), "version 4;"),
    "many.gguf": (_gguf(count=2**63), "promises 9,223,372,036,854,775,808 tensors"),
    "keys.gguf": (_gguf(key_count=2**64 - 1), "promises 18,446,744,073,709,551,615 metadata"),
    "key.gguf": (_gguf(key_count=1, keys=struct.pack("<QQ", 2**60, 0)), "bytes long; at most"),
    "strings.gguf": (_gguf(key_count=1, keys=_array(8, 2**61)), "but 0 are left"),
    "bytes.gguf": (_gguf(key_count=1, keys=_array(0, 2**63)), "but only 0 are left"),
    "type.gguf": (_gguf(key_count=1, keys=_text("k") + struct.pack("<IQ", 13, 0)), "type 13"),
    "nested.gguf": (_gguf(key_count=1, keys=NESTED), "nests arrays more than 4 deep"),
    "string.gguf": (
        _gguf(key_count=1, keys=_array(8, 2) + struct.pack("<QQ", 2**63, 0)),
        "past the end of the file",
    ),
    "utf.gguf": (
        _gguf(key_count=1, keys=struct.pack("<Q", 2) + b"\xff\xfe" + bytes(8)),
        "metadata key 0 is not UTF-8",
    ),
    "twice.gguf": (
        _gguf(key_count=2, keys=(_text("k") + struct.pack("<II", 4, 7)) * 2),
        "'k' stands twice",
    ),
    "align.gguf": (_gguf(key_count=1, keys=ALIGN), "alignment is 0; it must be a power of two"),
    # GGUF: tensors
    "names.gguf": (
        _gguf(count=2, infos=_info("x", (4,)) * 2) + bytes(64),
        "two tensors are named 'x'",
    ),
    "dims.gguf": (_gguf(count=1, infos=_info("x", (1,) * 5)), "5 dimensions; at most 4"),
    "overflow.gguf": (_gguf(count=1, infos=_info("x", (2**32, 2**32))), "overflows 63 bits"),
    "huge.gguf": (_gguf(count=1, infos=_info("x", (2**40,))), "past the end of the file"),
    "kind.gguf": (_gguf(count=1, infos=_info("x", (4,), 4)), "unknown tensor type 4"),
    "block.gguf": (_gguf(count=1, infos=_info("x", (33,), 2)), "not a multiple of the 32"),
    "odd.gguf": (_gguf(count=1, infos=_info("x", (4,), 0, 16)) + bytes(99), "not a multiple"),
    "far.gguf": (_gguf(count=1, infos=_info("x", (4,), 0, 2**63)), "past the end of the file"),
    "overlap.gguf": (
        _gguf(count=2, infos=_info("x", (16,)) + _info("y", (4,), 0, 32)) + bytes(200),
        "'x' and 'y' overlap",
    ),
    # safetensors
    "giga.safetensors": (struct.pack("<Q", 2**30) + b"{", "would be 1,073,741,824 bytes long"),
    "cut.safetensors": (struct.pack("<Q", 99) + b"{}", "ends inside the header"),
    "utf.safetensors": (_safetensors(b'{"\xff":1}'), "at byte 10: the JSON header is not UTF-8"),
    "deep.safetensors": (_safetensors(b'{"a":' + b"[" * 10**6), "nested more than 16 deep"),
    "dict.safetensors": (_safetensors(b'{"a":' + b'{"a":' * 10**5), "nested more than 16"),
    "digits.safetensors": (_safetensors(b'{"a":{"shape":[' + b"9" * 9999 + b"]}}"), "not valid"),
    "long.safetensors": (_safetensors(b'{"' + b"x" * 10**7 + b'":1}'), "at most 65,536 bytes"),
    "dup.safetensors": (
        _safetensors(b'{"a":{"dtype":"U8","dtype":"I8"}}'),
        "'dtype' stands twice",
    ),
    "bool.safetensors": (_json({"a": _entry([True], 0, 1)}, b"0"), "impossible shape .True."),
    "minus.safetensors": (_json({"a": _entry([-1], 0, 1)}, b"0"), "impossible shape .-1."),
    "wide.safetensors": (_json({"a": _entry([2**63, 4], 0, 0)}), "overflows 64 bits"),
    "gap.safetensors": (_json({"a": _entry([1], 1, 2)}, b"00"), "leaves a gap"),
    "over.safetensors": (
        _json({"a": _entry([2], 0, 2), "b": _entry([2], 1, 3)}, b"000"),
        "'b' overlaps",
    ),
    "same.safetensors": (
        _json({"a": _entry([2], 0, 2), "b": _entry([2], 0, 2)}, b"00"),
        "'b' overlaps",
    ),
    "out.safetensors": (_json({"a": _entry([9], 0, 9)}, b"00"), "past the end of the file"),
    "rest.safetensors": (_json({"a": _entry([1], 0, 1)}, b"000"), "2 bytes after the last"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    """Each says what is wrong, and names the file."""
    content, message = CONTENTS[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=f"(?s){name}.*{message}") as caught:
        read(path)
    assert caught.value.offset is not None


def test_a_zip_bomb_is_never_unpacked(tmp_path: Path) -> None:
    """An archive is refused by its first bytes."""
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.pkl", bytes(10**7))
    with pytest.raises(ModelFileError, match="ZIP archive"):
        read(path)


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    """A FIFO that nobody writes to is refused without being opened."""
    path = tmp_path / "model.gguf"
    os.mkfifo(path)
    with pytest.raises(ModelFileError, match="this is a pipe, not a file"):
        read(path)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/stdin"])
def test_devices_are_refused(device: str) -> None:
    """Endless and empty devices alike."""
    with pytest.raises(ModelFileError, match=r"this is a .*, not a file|the file is empty"):
        read(device)


def test_links_and_names(tmp_path: Path) -> None:
    """Loops, missing files, names too long and impossible end alike; a sound link is followed."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "good.gguf").symlink_to(model_path("smollm2"))
    for path, message in (
        (tmp_path / "a", "links form a loop"),
        (tmp_path / "missing.gguf", "no such file"),
        (tmp_path / ("x" * 300), "too long"),
        (tmp_path / "good.gguf" / "inside", "is a file, not a directory"),
        (Path("nul\0byte"), "cannot be a path"),
    ):
        with pytest.raises(ModelFileError, match=message):
            read(path)
    assert read(tmp_path / "good.gguf").parameters == 134_515_008


def test_no_permission() -> None:
    """A file that may not be read is refused; as root, who may read all, another user tries."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        path = Path(directory) / "model.gguf"
        path.write_bytes(b"GGUF")
        path.chmod(0)
        script = (
            "import os, sys; from explainer.checkpoints import ModelFileError, read\n"
            "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
            "try: read(sys.argv[1])\n"
            "except ModelFileError as error: print(error)"
        )
        command = [sys.executable, "-c", script, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    assert "no permission to read it" in done.stdout


def _sparse(path: Path, head: bytes, size: int) -> Path:
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


@pytest.mark.parametrize(
    "keys",
    [_array(8, 2**33), _array(9, 2**30), _array(8, 2**22), b""],
)
def test_a_terabyte_of_zeros_takes_no_work(tmp_path: Path, keys: bytes) -> None:
    """Counts that a sparse file could hold are bounded as well."""
    head = _gguf(key_count=2**30 if not keys else 3, keys=keys)
    with pytest.raises(ModelFileError):
        read(_sparse(tmp_path / "model.gguf", head, 2**40))


def test_messages_carry_no_escape_sequences(tmp_path: Path) -> None:
    """Neither a name from the file nor the file's own name can move the reader's cursor."""
    with pytest.raises(ModelFileError) as missing:
        read(tmp_path / "\x1b[2J.gguf")
    assert str(missing.value).isprintable()
    name = "\x1b[2J\x07evil\r"
    path = tmp_path / "model.gguf"
    path.write_bytes(_gguf(count=1, infos=_info(name, (33,), 2)))
    with pytest.raises(ModelFileError) as caught:
        read(path)
    assert str(caught.value).isprintable()


def _index(directory: Path, text: str) -> None:
    (directory / "model.safetensors.index.json").write_text(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the opening brace"),
        ("{}", "has no string"),
        ('{"weight_map": {}}', "no tensors"),
        ('{"weight_map": {"a": "/etc/passwd"}}', "outside the directory"),
        ('{"weight_map": {"a": "../x.safetensors"}}', "outside the directory"),
        ('{"weight_map": {"a": "..\\\\x.safetensors"}}', "outside the directory"),
        ('{"weight_map": {"a": 1}}', "has no string"),
        ('{"weight_map": {"a": "one.safetensors", "a": "one.safetensors"}}', "two entries"),
        ('{"weight_map": {"a": "none.safetensors"}}', "no such file"),
        ('{"weight_map": {"b": "one.safetensors"}}', "does not hold it"),
        ('{"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}', "1 of 2 shards"),
        ('{"metadata": ' + "[" * 10**6, "nested more than 16 deep"),
        ('{"metadata": {"total_size": NaN}}', "not valid JSON"),
    ],
)
def test_a_hostile_index(tmp_path: Path, text: str, message: str) -> None:
    """An index that lies, wanders off or never ends is refused."""
    (tmp_path / "one.safetensors").write_bytes(_json({"a": _entry([1], 0, 1)}, b"0"))
    _index(tmp_path, text)
    with pytest.raises(ModelFileError, match=message):
        read(tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "holds no .safetensors and no .gguf"),
        (["pytorch_model.bin"], "holds only pickles"),
        (["a.gguf", "b.gguf"], "holds 2 models; name one of: a.gguf, b.gguf"),
        (["x-00009-of-00003.gguf"], "part 9 of 3"),
    ],
)
def test_directories_without_one_model(tmp_path: Path, files: list[str], message: str) -> None:
    """The message says what is there instead."""
    for name in files:
        (tmp_path / name).write_bytes(b"GGUF")
    with pytest.raises(ModelFileError, match=message):
        read(tmp_path)


def test_deep_lists_inside_a_flat_entry(tmp_path: Path) -> None:
    """Found by mutation: an object without objects inside may still nest lists without end."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(_safetensors(b'{"a":{"x":' + b"[" * 3000 + b'"b"}}'))
    with pytest.raises(ModelFileError, match="nested more than 16 deep"):
        read(path)
