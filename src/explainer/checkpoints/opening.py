"""Opening a path without being hurt by it, and telling by its first bytes what it is."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from explainer.checkpoints.errors import ModelFileError

HEAD_BYTES = 512
PICKLE_SUFFIXES = {".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle"}
_PICKLE_WARNING = (
    "a pickle runs code when it is opened, so it is never opened here; "
    "convert it to safetensors, or take the model's safetensors or GGUF file"
)
_SPECIAL = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISSOCK, "a socket"),
)
_REASONS = {
    errno.ENOENT: "no such file or directory",
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ELOOP: "its symbolic links form a loop",
    errno.ENAMETOOLONG: "the name is too long for this file system",
    errno.ENOTDIR: "a part of the path is a file, not a directory",
}
_KNOWN_HEADS = (
    # first bytes, what they are, what to do
    (b"PK\x03\x04", "a ZIP archive, as PyTorch's .pt and .bin files are", _PICKLE_WARNING),
    (b"PK\x05\x06", "an empty ZIP archive", _PICKLE_WARNING),
    (b"\x80\x02", "a Python pickle", _PICKLE_WARNING),
    (b"\x80\x03", "a Python pickle", _PICKLE_WARNING),
    (b"\x80\x04", "a Python pickle", _PICKLE_WARNING),
    (b"\x80\x05", "a Python pickle", _PICKLE_WARNING),
    (b"version https://git-lfs", "a Git LFS pointer, not the model", "run `git lfs pull`"),
    (b"\x89HDF", "an HDF5 file (Keras, TensorFlow)", "convert it to safetensors"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"\x93NUMPY", "a NumPy array", "save it as safetensors"),
    (b"lmgg", "a GGML file older than GGUF", "convert it to GGUF with llama.cpp"),
    (b"tjgg", "a GGJT file older than GGUF", "convert it to GGUF with llama.cpp"),
    (b"fmgg", "a GGMF file older than GGUF", "convert it to GGUF with llama.cpp"),
)


def reason_of(error: OSError | ValueError) -> str:
    """Return why the system refused a path, in plain words."""
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0, error.strerror or str(error))
    return f"this cannot be a path ({error})"


def is_directory(path: Path) -> bool:
    """Return whether the path is a directory.

    Raises:
        ModelFileError: If the path does not exist or cannot be looked at.
    """
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError) as error:
        raise ModelFileError(path, reason_of(error)) from None


def open_regular(path: Path) -> tuple[BinaryIO, int]:
    """Open a regular file for reading, and nothing else: a pipe would wait for ever.

    Args:
        path: The file; symbolic links are followed.

    Returns:
        The open file, unbuffered, and its size in bytes.

    Raises:
        ModelFileError: If it does not exist, is no regular file, or may not be read.
    """
    try:
        _refuse_special(path, os.stat(path).st_mode)
        # Without O_NONBLOCK, a pipe put there since would hang in open itself.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(path, reason_of(error)) from None
    file = os.fdopen(descriptor, "rb", buffering=0)
    status = os.fstat(descriptor)
    try:
        _refuse_special(path, status.st_mode)
    except ModelFileError:
        file.close()
        raise
    return file, status.st_size


def _refuse_special(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise ModelFileError(path, "this is a directory, not a file")
    for test, noun in _SPECIAL:
        if test(mode):
            raise ModelFileError(path, f"this is {noun}, not a file; copy it into a file first")


def read_at(file: BinaryIO, path: Path, offset: int, count: int) -> bytes:
    """Return up to `count` bytes from `offset`; fewer only at the end of the file.

    Raises:
        ModelFileError: If the system cannot read there.
    """
    try:
        file.seek(offset)
        pieces = []
        while count > 0:
            piece = file.read(count)
            if not piece:
                break
            pieces.append(piece)
            count -= len(piece)
    except OSError as error:
        raise ModelFileError(path, reason_of(error), offset) from None
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def recognise(head: bytes, path: Path, file_bytes: int) -> str:
    """Return which format the first bytes of a file show, whatever its name says.

    Args:
        head: The first `HEAD_BYTES` of the file, or all of a shorter one.
        path: The file, for its suffix and for messages.
        file_bytes: Size of the whole file.

    Returns:
        `gguf` or `safetensors`.

    Raises:
        ModelFileError: If it is neither; the message says what it is instead.
    """
    if not head:
        raise ModelFileError(path, "the file is empty", 0)
    if head[:4] == b"GGUF":
        return "gguf"
    if head[4:9] == b"\0\0\0\0{":
        # A length below 4 GiB, and a brace. First, as a length of 640 begins like a pickle.
        return "safetensors"
    for magic, noun, fix in _KNOWN_HEADS:
        if head.startswith(magic):
            raise ModelFileError(path, f"this is {noun}; {fix}", 0)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<!--")):
        raise ModelFileError(
            path,
            "this is a web page saved under a model's name, such as a login or error page; "
            "download the file itself again",
            0,
        )
    if 8 < len(head) and (head[8:9] == b"{" or path.suffix.lower() == ".safetensors"):
        return "safetensors"
    if path.suffix.lower() in PICKLE_SUFFIXES:
        raise ModelFileError(path, f"a {path.suffix} file is a pickle; {_PICKLE_WARNING}", 0)
    if text.startswith(b"{"):
        raise ModelFileError(
            path, "this is JSON, not a model file; `explainer count` reads a config.json", 0
        )
    raise ModelFileError(
        path,
        f"neither GGUF (which starts with b'GGUF') nor safetensors: it starts with {head[:8]!r}, "
        f"{file_bytes:,} bytes in all",
        0,
    )
