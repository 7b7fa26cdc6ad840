"""Models in several files: which files belong together, and whether all of them are there."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.json_scan import Scanner
from explainer.checkpoints.opening import PICKLE_SUFFIXES, open_regular, read_at, reason_of

INDEX_NAME = "model.safetensors.index.json"
MAX_INDEX_BYTES = 100_000_000
MAX_INDEX_TENSORS = 1 << 20
MAX_SHARDS = 4_096
MAX_CONFIG_BYTES = 1 << 20
MAX_LISTED = 65_536
_PART = re.compile(r"^(.*)-(\d{5})-of-(\d{5})\.(gguf|safetensors)$")


def read_index(path: Path) -> dict[str, str]:
    """Return which shard holds each tensor, as `model.safetensors.index.json` states it.

    Args:
        path: The index.

    Returns:
        File names, relative to the index, by tensor name.

    Raises:
        ModelFileError: If the index is no such JSON, or names a file outside its directory.
    """
    file, file_bytes = open_regular(path)
    with file:
        if file_bytes > MAX_INDEX_BYTES:
            raise ModelFileError(
                path, f"the index is {file_bytes:,} bytes long; at most {MAX_INDEX_BYTES:,}", 0
            )
        scanner = Scanner(read_at(file, path, 0, file_bytes), path, 0)
    weight_map: dict[str, str] | None = None
    scanner.expect(b"{", "the opening brace of an index")
    while True:
        key = scanner.text("a key of the index")
        scanner.expect(b":", "a colon")
        if key == "weight_map":
            if weight_map is not None:
                raise scanner.fail("'weight_map' stands twice")
            weight_map = _weight_map(scanner)
        else:
            scanner.value(f"the value of {key!r}")
        if scanner.accept(b"}"):
            break
        scanner.expect(b",", "a comma or the closing brace")
    if not scanner.at_end():
        raise scanner.fail("the index goes on after its closing brace")
    if not weight_map:
        raise ModelFileError(path, "the index has no tensors under 'weight_map'")
    return weight_map


def _weight_map(scanner: Scanner) -> dict[str, str]:
    weight_map: dict[str, str] = {}
    files: dict[str, str] = {}
    scanner.expect(b"{", "the opening brace of 'weight_map'")
    if scanner.accept(b"}"):
        return weight_map
    while True:
        start = scanner.position
        name = scanner.text("a tensor's name")
        scanner.expect(b":", "a colon")
        shard = scanner.text(f"the file of {name!r}")
        if name in weight_map:
            raise scanner.fail(f"two entries are named {name!r}", start)
        if shard not in files:
            parts = PurePosixPath(shard.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts or not parts.parts or "\0" in shard:
                raise scanner.fail(f"{name!r} is said to be outside the directory: {shard!r}")
            files[shard] = shard
        # One string a file, not one a tensor.
        weight_map[name] = files[shard]
        if len(files) > MAX_SHARDS or len(weight_map) > MAX_INDEX_TENSORS:
            raise scanner.fail(
                f"the index names more than {MAX_SHARDS:,} files or {MAX_INDEX_TENSORS:,} tensors"
            )
        if scanner.accept(b"}"):
            return weight_map
        scanner.expect(b",", "a comma or the closing brace")


def parts_of(path: Path) -> tuple[Path, ...]:
    """Return all parts of a model that is split by name: `x-00001-of-00003.gguf` and so on.

    Args:
        path: One part, or a file that is whole.

    Returns:
        All parts in order; the path alone where its name shows no split.

    Raises:
        ModelFileError: If the numbers in the name are impossible.
    """
    match = _PART.match(path.name)
    if not match:
        return (path,)
    stem, number, count, suffix = match.group(1), int(match[2]), int(match[3]), match[4]
    if not 1 <= number <= count or count > MAX_SHARDS:
        raise ModelFileError(path, f"this would be part {number:,} of {count:,}")
    return tuple(
        path.with_name(f"{stem}-{part:05d}-of-{count:05d}.{suffix}") for part in range(1, count + 1)
    )


def files_of_directory(path: Path) -> tuple[Path, ...]:
    """Return the files that make up the one model in a directory.

    Args:
        path: The directory.

    Returns:
        An index alone, a single file, or all parts of one that is split by name.

    Raises:
        ModelFileError: If there is no model, or more than one; the message lists what is there.
    """
    names = _names(path)
    if INDEX_NAME in names:
        return (path / INDEX_NAME,)
    models = [name for name in names if name.endswith((".safetensors", ".gguf"))]
    if "model.safetensors" in models:
        return (path / "model.safetensors",)
    # A projector for images lies beside the language model that it serves.
    models = [name for name in models if not name.startswith("mmproj")] or models
    groups = {parts_of(path / name) for name in models}
    if len(groups) == 1:
        return groups.pop()
    if groups:
        shown = ", ".join(models[:10]) + (", …" if len(models) > 10 else "")
        raise ModelFileError(path, f"holds {len(groups)} models; name one of: {shown}")
    pickles = [name for name in names if Path(name).suffix in PICKLE_SUFFIXES]
    if pickles:
        raise ModelFileError(
            path,
            f"holds only pickles ({pickles[0]}), which run code when they are opened and are "
            "never opened here; convert the model to safetensors",
        )
    raise ModelFileError(path, "holds no .safetensors and no .gguf file")


def _names(path: Path) -> list[str]:
    names: list[str] = []
    try:
        for entry in path.iterdir():
            names.append(entry.name)
            if len(names) > MAX_LISTED:
                raise ModelFileError(path, f"holds more than {MAX_LISTED:,} entries")
    except OSError as error:
        raise ModelFileError(path, reason_of(error)) from None
    return sorted(names)


def read_config(directory: Path) -> dict[str, Any]:
    """Return the `config.json` of a directory; empty where there is none that can be read.

    It is consulted only for what the tensors do not say, so a broken one matters only then.
    """
    path = directory / "config.json"
    try:
        file, file_bytes = open_regular(path)
        with file:
            config = json.loads(read_at(file, path, 0, min(file_bytes, MAX_CONFIG_BYTES)))
    except (ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}
