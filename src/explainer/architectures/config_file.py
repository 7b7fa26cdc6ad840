"""Reading the file of a configuration, or saying what it is instead."""

from __future__ import annotations

import json
import os
import select
import stat
from pathlib import Path
from typing import Any

MODEL_SUFFIXES = (".safetensors", ".gguf", ".bin", ".pt", ".pth", ".ckpt")
LARGEST_CONFIG_BYTES = 16 * 2**20
"""No configuration is near this; a larger file is something else."""
MAX_DEPTH = 100
"""Objects and lists inside one another; a recursive reader ends at some such depth by itself."""
PIPE_SECONDS = 2.0
"""How long a pipe without a writer is waited for."""


def read_config_file(path: Path) -> dict[str, Any]:
    """Return the object that a configuration file, or a pipe such as a shell makes, holds.

    Args:
        path: The file.

    Returns:
        The object.

    Raises:
        ValueError: If it is something else.
        OSError: If it cannot be read.
    """
    with open(path, "rb", opener=_open_without_waiting) as file:
        descriptor = file.fileno()
        is_pipe = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
        first = _first_of_pipe(descriptor, path) if is_pipe else b""
        text = first + file.read(LARGEST_CONFIG_BYTES + 1)
    return parse_config(text, str(path))


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file; of a pipe, the system would wait for a writer, perhaps without end."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _first_of_pipe(descriptor: int, path: Path) -> bytes:
    """Return what a pipe begins with, and let it wait from now on: it has a writer."""
    select.select([descriptor], [], [], PIPE_SECONDS)
    try:
        first = os.read(descriptor, 1)
    except BlockingIOError:  # a writer, who has not written yet
        first = b""
    else:
        if not first:
            raise ValueError(f"{path} is a pipe through which nothing comes; give a file")
    os.set_blocking(descriptor, True)
    return first


def parse_config(text: bytes, place: str) -> dict[str, Any]:
    """Return the object that a configuration file's bytes hold.

    Args:
        text: The bytes.
        place: What to call the file in an error.

    Returns:
        The object.

    Raises:
        ValueError: If the bytes are too many, no JSON in UTF-8 or UTF-16, no object, nested too
            deeply, or give a key twice.

    Examples:
        >>> parse_config(b'{"n_layer": 12}', "config.json")
        {'n_layer': 12}
    """
    if text[:4] == b"GGUF":
        raise ValueError(f"{place} holds tensors, not a configuration; use `explainer inspect`")
    if place.endswith(MODEL_SUFFIXES):
        raise ValueError(
            f"{place} has the name of a model file, not of a configuration; use "
            "`explainer inspect`, or give the config.json beside it"
        )
    if len(text) > LARGEST_CONFIG_BYTES:
        raise ValueError(f"{place} has more than {LARGEST_CONFIG_BYTES:,} bytes: no configuration")
    if not text.strip():
        raise ValueError(f"{place} is empty; a configuration is a JSON object")
    encoding = json.detect_encoding(text)
    if encoding.startswith("utf-32"):
        raise ValueError(f"{place} is not JSON: it is UTF-32; save it as UTF-8")
    try:
        found = json.loads(text.decode(encoding), object_pairs_hook=_without_repeats)
    except RecursionError:
        raise ValueError(f"{place} is nested too deeply to be a configuration") from None
    except _RepeatedKeyError as error:
        raise ValueError(f"{place} gives the key {str(error)[:60]!r} twice; remove one") from None
    except ValueError as error:
        reason = str(error).splitlines()[0][:120]
        raise ValueError(f"{place} is not JSON: {reason}") from None
    if not isinstance(found, dict):
        kind = type(found).__name__
        raise ValueError(f"{place} must hold a JSON object, such as a config.json, not a {kind}")
    if _depth(found) > MAX_DEPTH:
        raise ValueError(f"{place} is nested too deeply to be a configuration")
    return found


def _depth(found: Any) -> int:
    """Return how many objects and lists stand inside one another."""
    depth, level = 0, [found]
    while level:
        depth += 1
        children = (one.values() if isinstance(one, dict) else one for one in level)
        level = [child for many in children for child in many if isinstance(child, dict | list)]
    return depth


class _RepeatedKeyError(Exception):
    """A key that an object gives twice."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found
