"""A model's name leads to what Ollama, LM Studio and the Hugging Face cache hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from explainer.checkpoints import ModelFileError, find, read

HASH = "ab" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, with none of the variables that point elsewhere."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("OLLAMA_MODELS", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _model(path: Path, elements: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"x.weight": np.zeros(elements, np.uint8)}, path)
    return path


def _ollama(root: Path, name: str, digest: str = f"sha256:{HASH}") -> None:
    manifest = root / "manifests" / name
    manifest.parent.mkdir(parents=True, exist_ok=True)
    layers = [
        {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:" + "00" * 32},
        {"mediaType": "application/vnd.ollama.image.model", "digest": digest, "size": 1},
    ]
    manifest.write_text(json.dumps({"schemaVersion": 2, "layers": layers}))


@pytest.mark.parametrize("variable", [True, False])
def test_ollama(home: Path, monkeypatch: pytest.MonkeyPatch, variable: bool) -> None:
    """Name, tag, namespace and host lead through the manifest to the blob."""
    root = home / ".ollama/models"
    if variable:
        root = home / "elsewhere"
        monkeypatch.setenv("OLLAMA_MODELS", str(root))
    _ollama(root, "some.host/library/llama3.2/1b")
    _ollama(root, "some.host/library/phi/latest")
    _ollama(root, "other.host/someone/model/q4")
    blob = _model(root / "blobs" / f"sha256-{HASH}", 11)
    for name in ("llama3.2:1b", "llama3.2", "phi", "phi:latest", "library/phi"):
        assert [found.path for found in find(name)] == [blob], name
    for name in ("someone/model:q4", "other.host/someone/model:q4", "someone/model"):
        assert find(name)[0].store == "Ollama", name
    assert read(find("phi")[0].path).parameters == 11
    for name in ("llama3.2:3b", "nobody/phi", "third.host/someone/model:q4"):
        with pytest.raises(ModelFileError, match=f"Ollama: {root}"):
            find(name)


def test_ollama_manifests_that_lie(home: Path) -> None:
    """A missing blob, a digest that is a path and a broken manifest are errors."""
    root = home / ".ollama/models"
    _ollama(root, "h/library/gone/latest")
    with pytest.raises(ModelFileError, match="which is missing; pull again"):
        find("gone")
    _ollama(root, "h/library/path/latest", "sha256:../../../etc/passwd")
    with pytest.raises(ModelFileError, match="names no layer"):
        find("path")
    for text in ("{", "[]", '{"layers": 3}', "[" * 5000, '{"layers": [1]}'):
        (root / "manifests/h/library/path/latest").write_text(text)
        with pytest.raises(ModelFileError, match="not a manifest"):
            find("path")


@pytest.mark.parametrize("folder", [".lmstudio/models", ".cache/lm-studio/models"])
def test_lm_studio(home: Path, folder: str) -> None:
    """A repository, with or without its publisher, or a file in it, whatever the letter case."""
    file = _model(home / folder / "Someone/Model-GGUF/model.Q4.safetensors", 7)
    for name in ("someone/model-gguf", "Model-GGUF", "model.Q4", "model.q4.safetensors"):
        (found,) = find(name)
        assert (read(found.path).parameters, found.store) == (7, "LM Studio")
    assert find("Someone/Model-GGUF/model.Q4.safetensors")[0].path == file


@pytest.mark.parametrize("variable", ["", "HF_HOME", "HF_HUB_CACHE"])
def test_hugging_face(home: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """`org/name` leads to the snapshot that refs/main names, `@revision` to another."""
    hub = home / ".cache/huggingface/hub"
    if variable:
        hub = home / "there" / ("hub" if variable == "HF_HOME" else "")
        monkeypatch.setenv(variable, str(home / "there"))
    repository = hub / "models--org--name"
    for commit, elements in (("c0ffee", 5), ("deed", 6)):
        blob = _model(repository / "blobs" / commit, elements)
        snapshot = repository / "snapshots" / commit
        snapshot.mkdir(parents=True)
        (snapshot / "model.safetensors").symlink_to(blob)
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text("c0ffee")
    (repository / "refs/dev").write_text("deed\n")
    expected = {"org/name": 5, "name": 5, "org/name@main": 5, "org/name@dev": 6, "name@deed": 6}
    for name, elements in expected.items():
        (found,) = find(name)
        assert (read(found.path).parameters, found.store) == (elements, "Hugging Face cache")
    for name in ("org/other", "org/name@nothing", "org/name@../../..", "../name"):
        with pytest.raises(ModelFileError, match="no such file"):
            find(name)
    (repository / "refs/main").write_text("../../../..")
    with pytest.raises(ModelFileError, match="no such file"):
        find("org/name@main")
    shutil.rmtree(repository / "refs")
    shutil.rmtree(repository / "snapshots/deed")
    assert read(find("org/name")[0].path).parameters == 5


def test_nothing_found_says_where_it_looked(home: Path) -> None:
    """Every place that was searched is listed, and whether it exists."""
    (home / ".lmstudio/models").mkdir(parents=True)
    with pytest.raises(ModelFileError) as caught:
        find("nowhere")
    text = str(caught.value)
    for place in (".ollama/models (not there)", "huggingface/hub (not there)"):
        assert place in text
    assert f"LM Studio: {home}/.lmstudio/models\n" in text


def test_all_matches_are_listed(home: Path) -> None:
    """A name that two programs hold is answered with both, Ollama first."""
    _ollama(home / ".ollama/models", "h/library/twin/latest")
    _model(home / ".ollama/models/blobs" / f"sha256-{HASH}", 1)
    _model(home / ".lmstudio/models/someone/twin/a.safetensors", 2)
    assert [found.store for found in find("twin")] == ["Ollama", "LM Studio"]


@pytest.mark.parametrize("name", ["", "..", "a/b/c/d", "nul\0byte", "x" * 5000, "*", "a:../b"])
def test_odd_names(name: str) -> None:
    """A name that is no name ends in the same error."""
    with pytest.raises(ModelFileError):
        find(name)
