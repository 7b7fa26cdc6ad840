"""Names, paths and files: what is found, and what is said when nothing is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explainer.architectures import (
    UnknownModelError,
    architecture,
    known_config,
    known_models,
    known_source,
    read_config,
)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("GPT2", "gpt2"),
        ("openai-community/gpt2", "gpt2"),
        ("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"),
        ("deepseek-ai/DeepSeek-R1", "deepseek-r1"),
        ("Qwen/Qwen2.5-3B-Instruct", "qwen2.5-3b"),
        ("smollm2", "smollm2-135m"),
    ],
)
def test_other_names_of_a_model(given_name: str, name: str) -> None:
    """Case, organisation and the usual suffixes do not matter."""
    assert architecture(given_name).name == name


def test_file_directory_and_object_agree(tmp_path: Path) -> None:
    """A config counts the same as a file, as its directory and as an object."""
    folder = tmp_path / "my-model"
    folder.mkdir()
    file = folder / "config.json"
    file.write_text(json.dumps(known_config("qwen3-4b")), encoding="utf-8-sig")
    totals = {architecture(source).total for source in (file, str(folder), read_config(file))}
    assert totals == {4_022_468_096}
    assert architecture(folder).name == architecture(file).name == "my-model"


def test_path_is_never_taken_for_an_organisation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file under a folder, or a path that is not there, does not count as the known model."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine" / "gpt2").mkdir(parents=True)
    (tmp_path / "mine" / "gpt2" / "config.json").write_text(json.dumps(known_config("gpt2-xl")))
    assert architecture("mine/gpt2").total == 1_557_611_200
    for missing in ("./gpt2", "../gpt2", "a/b/gpt2", "/gpt2"):
        with pytest.raises((FileNotFoundError, UnknownModelError)):
            architecture(missing)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[1, 2]", "must hold a JSON object, such as a config.json, not a list"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!DOCTYPE html>", "is not JSON: Expecting value"),
        (b"\xff\xfe\x00\x01", "is not JSON"),
        (
            b"GGUF" + b"\0" * 17_000_000,
            "holds tensors, not a configuration; use `explainer inspect`",
        ),
        (b'{"a": 1, "a": 2}', "gives the key 'a' twice"),
        (b"[" * 200_000, "is nested too deeply|is not JSON"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "is nested too deeply"),
        ('{"a": 1}'.encode("utf-32"), "is UTF-32; save it as UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "is not JSON: 'utf-8' codec can't decode"),
        (b'{"vocab_size": ' + b"9" * 10_000 + b"}", "is not JSON: Exceeds the limit"),
        (b" " * (16 * 2**20 + 1), "has more than 16,777,216 bytes"),
    ],
)
def test_file_that_is_no_config(tmp_path: Path, text: bytes, message: str) -> None:
    """A file that holds something else is refused in one line."""
    path = tmp_path / "config.json"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=message) as failure:
        read_config(path)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_a_config(tmp_path: Path, encoding: str) -> None:
    """What editors and shells write is read, nested up to a hundred levels."""
    path = tmp_path / "config.json"
    config = {"é": "\u4e2d", "a": json.loads("[" * 99 + "]" * 99)}
    path.write_bytes(json.dumps(config, ensure_ascii=False).encode(encoding))
    assert read_config(path) == config


def test_missing_file_is_an_os_error(tmp_path: Path) -> None:
    """A directory without a config.json, and a path that is not there, are errors of the system."""
    with pytest.raises(FileNotFoundError):
        read_config(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_config(tmp_path / "config.json")


@pytest.mark.parametrize("name", ["lama-2-7b", "nobody/nothing", "", "gpt5"])
def test_unknown_name(name: str) -> None:
    """A name that is neither known nor a file says where the names are."""
    with pytest.raises(UnknownModelError, match="`explainer models` lists the names"):
        read_config(name)


def test_source_of_an_unknown_name() -> None:
    """Asking for the source of an unknown model is an error."""
    with pytest.raises(UnknownModelError, match="is not known"):
        known_source("lama")


def test_known_config_is_a_copy() -> None:
    """Changing a config that was handed out changes nothing for the next reader."""
    known_config("gpt2")["n_layer"] = 1
    assert architecture("gpt2").total == 124_439_808


def test_text_part_of_a_larger_model_says_so() -> None:
    """Gemma 3 models that can see are known by their text model, with a note."""
    assert "vision" in architecture("gemma-3-4b").notes[0]
    assert architecture("gemma-3-1b").notes == ()


def test_names_are_unique_and_lower_case() -> None:
    """No name stands for two models."""
    assert len({*known_models()}) == len(known_models()) > 70
    assert all(name == name.lower() for name in known_models())
