"""Tokenizers from the model files, against a loop that shares no code with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gguf
import pytest
from tokenizers import Tokenizer
from tokenizers.models import BPE

from explainer.checkpoints import ModelFileError
from explainer.models import path
from explainer.models.tokenizer import tokenizer_from_file, tokenizer_from_gguf

STORED = json.loads((Path(__file__).parent.parent / "data" / "smollm2_tokens.json").read_text())
TINY = ["<bos>", "a", "b", "ab", "1", "2", "3", "12", "Ġ", "Ã", "©", "Ã©"]


@pytest.fixture(scope="module")
def smollm2() -> Tokenizer:
    """Build SmolLM2's tokenizer once."""
    return tokenizer_from_gguf(path("smollm2"))


def write(file: Path, **changes: Any) -> Path:
    """Write a GGUF that holds a tokenizer and nothing else; None leaves a key out."""
    values: dict[str, Any] = {
        "model": "gpt2",
        "pre": "smollm",
        "tokens": TINY,
        "token_type": [3] + [1] * (len(TINY) - 1),
        "merges": ["a b", "1 2", "Ã ©"],
    } | changes
    writer = gguf.GGUFWriter(file, "llama")
    for key, value in values.items():
        name = f"tokenizer.ggml.{key}"
        if isinstance(value, bool):
            writer.add_bool(name, value)
        elif isinstance(value, str):
            writer.add_string(name, value)
        elif isinstance(value, int):
            writer.add_uint32(name, value)
        elif value is not None:
            writer.add_array(name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return file


def test_every_stored_text(smollm2: Tokenizer) -> None:
    """More than a hundred odd texts give the ids of a plain loop by llama.cpp's rule."""
    assert len(STORED["texts"]) > 100
    wrong = [
        case["text"] for case in STORED["texts"] if smollm2.encode(case["text"]).ids != case["ids"]
    ]
    assert wrong == []


def test_decoding_gives_the_text_back(smollm2: Tokenizer) -> None:
    """ASCII, Chinese and emoji decode to themselves."""
    texts = [case["text"] for case in STORED["texts"] if case["text"].isprintable()]
    ours = [text for text in texts if text.isascii()] + ["今天天气很好,我们去", "👍🏽", "naïve"]
    for text in ours:
        assert smollm2.decode(smollm2.encode(text).ids, skip_special_tokens=False) == text


def test_digits_stand_alone(smollm2: Tokenizer) -> None:
    """Each digit is a token of its own, superscripts included, and nothing marks the beginning."""
    assert smollm2.encode("1234").tokens == ["1", "2", "3", "4"]
    assert smollm2.encode("x²").tokens == ["x", "Â²"]
    assert smollm2.encode("").ids == []


def test_control_tokens_are_recognised_and_hidden(smollm2: Tokenizer) -> None:
    """A control token in the text is one id, and decoding leaves it out unless told."""
    ids = smollm2.encode("<|im_start|>Hi<|im_end|>").ids
    assert (ids[0], ids[-1]) == (1, 2)
    assert smollm2.decode(ids) == "Hi"
    assert smollm2.decode(ids, skip_special_tokens=False) == "<|im_start|>Hi<|im_end|>"


@pytest.mark.parametrize(
    ("pre", "text", "tokens"),
    [
        ("gpt-2", "ab12", ["ab", "12"]),
        ("smollm", "ab12", ["ab", "1", "2"]),
        ("qwen2", "ab12", ["ab", "1", "2"]),
        ("llama-bpe", "ab123", ["ab", "12", "3"]),
        # The accent as a character of its own: only Qwen2 composes it with its letter.
        ("qwen2", "e\u0301", ["Ã©"]),
        ("gpt-2", "e\u0301", []),
    ],
)
def test_the_rules_differ(tmp_path: Path, pre: str, text: str, tokens: list[str]) -> None:
    """Digits: as they come (GPT-2), one by one (SmolLM2, Qwen2), up to three (Llama 3)."""
    tokenizer = tokenizer_from_gguf(write(tmp_path / "t.gguf", pre=pre, add_bos_token=False))
    assert tokenizer.encode(text).tokens == tokens


def test_the_beginning_is_marked_where_the_file_says(tmp_path: Path) -> None:
    """`add_bos_token` puts the token before a text; Llama 3 has it where the file is silent."""
    both: list[dict[str, Any]] = [{"add_bos_token": True}, {"pre": "llama-bpe"}]
    for number, changes in enumerate(both):
        file = write(tmp_path / f"{number}.gguf", bos_token_id=0, **changes)
        assert tokenizer_from_gguf(file).encode("ab").tokens == ["<bos>", "ab"]
        found = tokenizer_from_gguf(file).encode("ab", add_special_tokens=False).tokens
        assert found == ["ab"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "llama"}, r"`tokenizer.ggml.model` \(='llama'\) must be 'gpt2'"),
        ({"model": None}, "this GGUF holds no tokenizer"),
        ({"pre": "odd"}, r"`tokenizer.ggml.pre` \(='odd'\) must be one of gpt-2, smollm"),
        ({"pre": None}, r"`tokenizer.ggml.pre` \(=None\)"),
        ({"tokens": None}, "the metadata lack `tokenizer.ggml.tokens`"),
        ({"merges": None}, "the metadata lack `tokenizer.ggml.merges`"),
        ({"merges": ["ab"]}, "the merge 'ab' must name two tokens"),
        ({"merges": ["a b c"]}, "must name two tokens"),
        ({"merges": ["a x"]}, "the merges do not fit the tokens"),
        ({"tokens": [1, 2]}, "`tokenizer.ggml.tokens` must be a list of str"),
        ({"token_type": [1, 1]}, "12 tokens have 2 types"),
        ({"tokens": ["a"] * 12}, "two of its tokens are equal"),
        ({"add_bos_token": True}, r"`tokenizer.ggml.bos_token_id` \(=None\)"),
        ({"add_bos_token": True, "bos_token_id": 12}, r"`tokenizer.ggml.bos_token_id` \(=12\)"),
    ],
)
def test_what_contradicts_itself_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    """Another kind of tokenizer, or metadata that do not fit together, is named with the file."""
    file = write(tmp_path / "t.gguf", **changes)
    with pytest.raises(ModelFileError, match=message) as caught:
        tokenizer_from_gguf(file)
    assert str(file) in str(caught.value)


def test_a_file_without_tokenizer_is_refused() -> None:
    """Safetensors hold none; the message says where to look."""
    with pytest.raises(ModelFileError, match=r"give the tokenizer.json beside it"):
        tokenizer_from_gguf(path("minilm"))


def test_padding_and_truncation_are_off(tmp_path: Path) -> None:
    """A tokenizer.json that pads and cuts is read without either."""
    made = Tokenizer(BPE({"a": 0, "b": 1}, []))
    made.enable_padding(length=8)
    made.enable_truncation(4)
    made.save(str(tmp_path / "tokenizer.json"))
    read = tokenizer_from_file(tmp_path / "tokenizer.json")
    assert read.encode("ababa").ids == [0, 1, 0, 1, 0]


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\xfe", b"[" * 99])
def test_spoilt_files_are_refused(tmp_path: Path, content: bytes | None) -> None:
    """A tokenizer.json that is missing, empty or something else gives an error that names it."""
    file = tmp_path / "tokenizer.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"tokenizer.json: ") as caught:
        tokenizer_from_file(file)
    assert len(str(caught.value)) < 400
