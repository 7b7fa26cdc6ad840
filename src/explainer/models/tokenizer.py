"""Tokenizers from the model files themselves: what a GGUF's metadata or a tokenizer.json states.

A GGUF holds the tokens, which of them are special, the merges, and the name of the rule by which
text is first cut (`tokenizer.ggml.pre`). The rule itself stands in llama.cpp, and below.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.processors import TemplateProcessing

from explainer.checkpoints import ModelFile, ModelFileError, metadata_value, read
from explainer.checkpoints.opening import open_regular, read_at

MAX_FILE_BYTES = 1 << 28
"""No tokenizer.json is near this; the longest in use has some 30 MB."""
_CONTROL, _USER_DEFINED = 3, 4  # token types of GGUF
_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


@dataclass(frozen=True)
class _Cut:
    """How text is cut into pieces before merging; no merge crosses from one piece to the next."""

    pattern: str | None = None
    """Cut where this matches; None for the rule of GPT-2."""
    digits: bool = False
    """First cut out every digit on its own."""
    compose: bool = False
    """Normalise to NFC first, as the model was trained."""
    whole_words: bool = False
    """A piece that is a token needs no merges."""
    begins: bool = False
    """Whether the first token of a text marks its beginning, where the file does not say."""


_CUTS = {
    "gpt-2": _Cut(),
    **dict.fromkeys(("smollm", "starcoder", "refact"), _Cut(digits=True)),
    **dict.fromkeys(
        ("llama-bpe", "llama3", "llama-v3"),
        _Cut(rf"{_WORDS}|\p{{N}}{{1,3}}|{_REST}", whole_words=True, begins=True),
    ),
    "qwen2": _Cut(rf"{_WORDS}|\p{{N}}|{_REST}", compose=True),
}


def tokenizer_from_gguf(file: str | os.PathLike[str] | ModelFile) -> Tokenizer:
    """Build the tokenizer that a GGUF file describes, of the kind that GPT-2 began.

    Args:
        file: The model file, or what `explainer.checkpoints.read` returned for it.

    Returns:
        A tokenizer: `encode(text).ids`, `decode(ids)`. Control tokens such as `<|im_start|>` are
        recognised in the text, and left out by `decode` unless told otherwise. What the
        vocabulary lacks (a few bytes that no text holds) is dropped.

    Raises:
        ModelFileError: If the file is no GGUF, holds no tokenizer, one of another kind, or one
            that contradicts itself.

    Examples:
        >>> from explainer.models import path
        >>> tokenizer = tokenizer_from_gguf(path("smollm2"))
        >>> tokenizer.encode("The cat has 42 toys").tokens
        ['The', 'Ġcat', 'Ġhas', 'Ġ', '4', '2', 'Ġtoys']

    References:
        Sennrich et al. 2016, Neural Machine Translation of Rare Words with Subword Units,
        section 3. llama.cpp, `src/llama-vocab.cpp`, for the rules by their names.
    """
    file = file if isinstance(file, ModelFile) else read(file)
    cut, begins = _rule(file)
    tokens = _checked_list(file, "tokens", str)
    merges = [_pair(file, merge) for merge in _checked_list(file, "merges", str)]
    types = (
        _checked_list(file, "token_type", int) if _has(file, "token_type") else [1] * len(tokens)
    )
    if len(types) != len(tokens):
        raise _error(file, f"{len(tokens):,} tokens have {len(types):,} types; one each is needed")
    vocabulary = {token: number for number, token in enumerate(tokens)}
    if len(vocabulary) != len(tokens):
        raise _error(file, "two of its tokens are equal")
    try:
        tokenizer = Tokenizer(BPE(vocabulary, merges, ignore_merges=cut.whole_words))
        tokenizer.add_special_tokens(_added(tokens, types, _CONTROL))
        tokenizer.add_tokens(_added(tokens, types, _USER_DEFINED))
    except Exception as error:  # the library raises nothing more special
        raise _error(file, f"the merges do not fit the tokens: {error}") from None
    tokenizer.pre_tokenizer = _pre_tokenizer(cut)
    tokenizer.decoder = ByteLevelDecoder()
    if cut.compose:
        tokenizer.normalizer = normalizers.NFC()
    if begins:
        tokenizer.post_processor = _beginning(file, tokens)
    return tokenizer


def tokenizer_from_file(file: str | os.PathLike[str]) -> Tokenizer:
    """Read a `tokenizer.json`; neither padding nor truncation is kept.

    Args:
        file: As the `tokenizers` library writes it and Hugging Face models ship it.

    Returns:
        The tokenizer, which returns every token of a text, however long.

    Raises:
        ModelFileError: If the file is missing, or holds no tokenizer.

    Examples:
        >>> from explainer.models import path
        >>> tokenizer = tokenizer_from_file(path("minilm").parent / "tokenizer.json")
        >>> tokenizer.encode("Hello, world").tokens
        ['[CLS]', 'hello', ',', 'world', '[SEP]']
    """
    place = Path(file)
    opened, file_bytes = open_regular(place)
    with opened:
        if file_bytes > MAX_FILE_BYTES:
            raise ModelFileError(
                place, f"it is {file_bytes:,} bytes long; at most {MAX_FILE_BYTES:,} are read"
            )
        raw = read_at(opened, place, 0, file_bytes)
    try:
        tokenizer = Tokenizer.from_str(raw.decode("utf-8"))
    except Exception as error:  # the library raises nothing more special
        raise ModelFileError(place, f"this is no tokenizer.json: {str(error)[:200]}") from None
    # A file may cut at 128 tokens and pad to them, as MiniLM's does.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _rule(file: ModelFile) -> tuple[_Cut, bool]:
    """Return how the file's text is cut, and whether a text begins with a token of its own."""
    if file.format != "gguf":
        raise _error(file, "only a GGUF holds a tokenizer; give the tokenizer.json beside it")
    kind = file.metadata.get("tokenizer.ggml.model")
    if kind is None:
        raise _error(file, "this GGUF holds no tokenizer (no `tokenizer.ggml.model`)")
    if kind != "gpt2":
        raise _error(file, f"`tokenizer.ggml.model` (={kind!r}) must be 'gpt2', the kind read here")
    name = file.metadata.get("tokenizer.ggml.pre")
    if not isinstance(name, str) or name not in _CUTS:
        known = ", ".join(_CUTS)
        raise _error(file, f"`tokenizer.ggml.pre` (={name!r}) must be one of {known}")
    cut = _CUTS[name]
    return cut, file.metadata.get("tokenizer.ggml.add_bos_token", cut.begins) is True


def _error(file: ModelFile, message: str) -> ModelFileError:
    return ModelFileError(file.paths[0], message)


def _has(file: ModelFile, key: str) -> bool:
    return f"tokenizer.ggml.{key}" in file.metadata


def _checked_list(file: ModelFile, key: str, of: type) -> list[Any]:
    if not _has(file, key):
        raise _error(file, f"the metadata lack `tokenizer.ggml.{key}`")
    values = metadata_value(file, f"tokenizer.ggml.{key}")
    if not isinstance(values, list) or not all(type(value) is of for value in values):
        raise _error(file, f"`tokenizer.ggml.{key}` must be a list of {of.__name__}")
    return values


def _pair(file: ModelFile, merge: str) -> tuple[str, str]:
    left, _, right = merge.partition(" ")
    if not left or not right or " " in right:
        raise _error(file, f"the merge {merge!r} must name two tokens")
    return left, right


def _added(tokens: list[str], types: list[int], wanted: int) -> list[AddedToken]:
    return [
        AddedToken(token, special=wanted == _CONTROL, normalized=False)
        for token, kind in zip(tokens, types, strict=True)
        if kind == wanted
    ]


def _pre_tokenizer(cut: _Cut) -> Any:
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=cut.pattern is None)
    if cut.pattern is not None:
        pieces = pre_tokenizers.Split(Regex(cut.pattern), "isolated")
        return pre_tokenizers.Sequence([pieces, words])
    if cut.digits:
        return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), words])
    return words


def _beginning(file: ModelFile, tokens: list[str]) -> TemplateProcessing:
    number = file.metadata.get("tokenizer.ggml.bos_token_id")
    if type(number) is not int or not 0 <= number < len(tokens):
        raise _error(
            file,
            f"`tokenizer.ggml.bos_token_id` (={number!r}) must be one of {len(tokens):,} tokens",
        )
    # By number: a token's text may hold what the template's own syntax uses.
    token = tokens[number]
    return TemplateProcessing(
        single=["<bos>", "$A"],
        pair=["<bos>", "$A", "<bos>:1", "$B:1"],
        special_tokens=[{"id": "<bos>", "ids": [number], "tokens": [token]}],
    )
