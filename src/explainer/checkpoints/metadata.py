"""Reading a metadata value that was left in a GGUF file: a vocabulary, a chat template."""

from __future__ import annotations

from typing import Any

from explainer.checkpoints.cursor import Cursor
from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.gguf import ARRAY, SCALARS, STRING, Deferred
from explainer.checkpoints.model_file import ModelFile
from explainer.checkpoints.opening import open_regular

MAX_VALUE_BYTES = 1 << 26


def metadata_value(file: ModelFile, key: str) -> Any:
    """Return one metadata value in full.

    Args:
        file: The model file, from `read`; of a split model, its first shard is meant.
        key: As the file names it, `tokenizer.ggml.tokens`.

    Returns:
        A number, a string, or a list of either.

    Raises:
        KeyError: If the file has no such key.
        ModelFileError: If the value is not text, nests arrays, or is over 64 MiB.

    Examples:
        >>> from explainer.checkpoints import read
        >>> from explainer.models import path
        >>> metadata_value(read(path("smollm2")), "tokenizer.ggml.tokens")[:2]
        ['<|endoftext|>', '<|im_start|>']
    """
    if key not in file.metadata:
        raise KeyError(f"no metadata {key!r} in {file.paths[0].name}")
    value = file.metadata[key]
    if not isinstance(value, Deferred):
        return value
    path = file.paths[0]
    if value.type == ARRAY:
        raise ModelFileError(path, f"{key!r} nests arrays", value.offset)
    opened, file_bytes = open_regular(path)
    with opened:
        cursor = Cursor(opened, path, file_bytes)
        cursor.endian = ">" if file.big_endian else "<"
        cursor.skip(value.offset, repr(key))
        if value.type == STRING:
            texts = [cursor.text(MAX_VALUE_BYTES, repr(key)) for _ in range(value.count)]
            # An array's own type stands before it; a lone string was too long to be kept.
            return texts[0] if value.alone else texts
        return cursor.numbers(SCALARS[value.type], value.count, MAX_VALUE_BYTES, repr(key))
