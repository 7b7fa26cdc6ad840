"""Finding a model by name in what other programs have already downloaded.

Ollama keeps manifests that name blobs by hash, LM Studio a folder per publisher and repository,
the Hugging Face cache a folder per repository with one snapshot per commit. Nothing is downloaded.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from explainer.checkpoints.errors import ModelFileError, UnknownNameError
from explainer.checkpoints.opening import open_regular, read_at

MAX_MANIFEST_BYTES = 1 << 20
MAX_SEEN = 10_000
"""Entries of one directory that are looked at."""
_DIGEST = re.compile(r"^sha256:([0-9a-f]{64})$")
_MODEL_LAYER = "application/vnd.ollama.image.model"
_WEIGHTS = (".gguf", ".safetensors")


@dataclass(frozen=True)
class Found:
    """A model that a name led to."""

    path: Path
    store: str
    """Who keeps it: `Ollama`, `LM Studio`, `Hugging Face cache`, `this site`."""


def find(name: str) -> list[Found]:
    """Return what the stores on this machine hold under a model's name.

    Args:
        name: `llama3.2:1b` as Ollama writes it, `org/name` or `org/name@revision` as Hugging Face
            does, `publisher/repository` or a bare name as LM Studio does; or `smollm2` and
            `minilm`, which come with this site.

    Returns:
        Every match, the site's own first. Each path can be given to `read`.

    Raises:
        UnknownNameError: If there is none; the message says where it looked.
        ModelFileError: If a store holds the name but not the file.
    """
    found = [*_own(name)]
    looked: list[str] = []
    stores: tuple[tuple[str, tuple[Path, ...], Callable[[Path, str], Iterator[Path]]], ...] = (
        ("Ollama", ollama_roots(), _in_ollama),
        ("LM Studio", lm_studio_roots(), _in_lm_studio),
        ("Hugging Face cache", hugging_face_roots(), _in_hugging_face),
    )
    for store, roots, search in stores:
        for root in roots:
            exists = os.path.isdir(root)
            looked.append(f"  {store}: {root}{'' if exists else ' (not there)'}")
            if exists and "\0" not in name:
                found += (Found(path, store) for path in search(root, name))
    if not found:
        lines = "\n".join(looked)
        raise UnknownNameError(
            name, f"no such file, and no model of this name; {_hint(name)}looked in\n{lines}"
        )
    return list(dict.fromkeys(found))


def _hint(name: str) -> str:
    """Return what else was perhaps meant: a model of the site, or one that can only be counted."""
    from explainer.architectures import UnknownModelError, known_source
    from explainer.models import names

    near = difflib.get_close_matches(name.lower(), names(), n=1)
    if near:
        return f"did you mean {near[0]}? "
    try:
        known_source(name)
    except UnknownModelError:
        return ""
    return f"`explainer count {name}` counts it from its configuration; "


def _own(name: str) -> Iterator[Found]:
    from explainer.models import names, path

    if name in names():
        try:
            yield Found(path(name), "this site")
        except FileNotFoundError as error:
            raise ModelFileError(name, str(error)) from None


def ollama_roots() -> tuple[Path, ...]:
    """Return where Ollama keeps models: `OLLAMA_MODELS`, or the user's and the service's folder."""
    if stated := os.environ.get("OLLAMA_MODELS"):
        return (Path(stated),)
    return (Path.home() / ".ollama/models", Path("/usr/share/ollama/.ollama/models"))


def lm_studio_roots() -> tuple[Path, ...]:
    """Return where LM Studio keeps models: its present folder and its former one."""
    return (Path.home() / ".lmstudio/models", Path.home() / ".cache/lm-studio/models")


def hugging_face_roots() -> tuple[Path, ...]:
    """Return the Hugging Face cache: `HF_HUB_CACHE`, else `HF_HOME/hub`, else under `~/.cache`."""
    if stated := os.environ.get("HF_HUB_CACHE"):
        return (Path(stated),)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(os.environ.get("HF_HOME") or cache / "huggingface") / "hub",)


def _entries(directory: Path) -> list[Path]:
    """Return the entries of a directory in order; none where it cannot be listed."""
    try:
        with os.scandir(directory) as entries:
            names = [entry.name for entry, _ in zip(entries, range(MAX_SEEN), strict=False)]
    except OSError:
        return []
    return [directory / name for name in sorted(names)]


def _plain(parts: list[str]) -> bool:
    """Return whether the parts of a name stay inside the directory they are joined to."""
    return all(part and part not in (".", "..") and "\\" not in part for part in parts)


def _in_ollama(root: Path, name: str) -> Iterator[Path]:
    """Find `[[host/]namespace/]model[:tag]`; the namespace is `library` where none is given."""
    model, _, tag = name.partition(":")
    parts = model.split("/")
    if not _plain(parts) or len(parts) > 3 or "/" in tag or tag in (".", ".."):
        return
    hosts = _entries(root / "manifests") if len(parts) < 3 else [root / "manifests" / parts[0]]
    inner = ["library", *parts] if len(parts) == 1 else parts[-2:]
    for host in hosts:
        folder = host.joinpath(*inner)
        manifests = [folder / (tag or "latest")]
        if not tag and not manifests[0].is_file():
            manifests = [path for path in _entries(folder) if path.is_file()]
        for manifest in manifests:
            if manifest.is_file():
                yield _blob(root, manifest)


def _blob(root: Path, manifest: Path) -> Path:
    """Return the weights that a manifest names."""
    file, file_bytes = open_regular(manifest)
    with file:
        raw = read_at(file, manifest, 0, min(file_bytes, MAX_MANIFEST_BYTES))
    try:
        layers = json.loads(raw)["layers"]
        digests = [layer["digest"] for layer in layers if layer["mediaType"] == _MODEL_LAYER]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ModelFileError(manifest, "this is not a manifest of Ollama") from None
    match = _DIGEST.match(digests[0]) if digests and isinstance(digests[0], str) else None
    if match is None:
        raise ModelFileError(manifest, f"the manifest names no layer of type {_MODEL_LAYER}")
    blob = root / "blobs" / f"sha256-{match[1]}"
    if not blob.is_file():
        raise ModelFileError(manifest, f"the manifest names {blob}, which is missing; pull again")
    return blob


def _in_lm_studio(root: Path, name: str) -> Iterator[Path]:
    """Find a repository, `publisher/repository`, or a file in one; letter case is ignored."""
    wanted = name.lower()
    for publisher in _entries(root):
        for repository in _entries(publisher):
            full = f"{publisher.name}/{repository.name}".lower()
            if wanted in (full, repository.name.lower()):
                yield repository
                continue
            for file in _entries(repository):
                if file.suffix in _WEIGHTS and wanted in (
                    file.name.lower(),
                    file.stem.lower(),
                    f"{full}/{file.name.lower()}",
                ):
                    yield file


def _in_hugging_face(root: Path, name: str) -> Iterator[Path]:
    """Find the snapshot of `org/name[@revision]`; `main` where no revision is given."""
    repository, _, revision = name.partition("@")
    parts = repository.split("/")
    if not _plain(parts) or len(parts) > 2 or not _plain((revision or "main").split("/")):
        return
    exact = "models--" + "--".join(parts)
    folders = [root / exact]
    if len(parts) == 1:
        folders += [f for f in _entries(root) if f.name.endswith(f"--{repository}")]
    for folder in dict.fromkeys(folders):
        snapshot = _snapshot(folder, revision) if folder.name.startswith("models--") else None
        if snapshot is not None:
            yield snapshot


def _snapshot(folder: Path, revision: str) -> Path | None:
    """Return the directory of a revision, by reference, by commit, or the only one there is."""
    reference = folder / "refs" / (revision or "main")
    if reference.is_file():
        file, file_bytes = open_regular(reference)
        with file:
            commit = read_at(file, reference, 0, min(file_bytes, 256)).decode("ascii", "replace")
        if _plain([commit.strip()]) and "/" not in commit:
            snapshot = folder / "snapshots" / commit.strip()
            return snapshot if snapshot.is_dir() else None
    if revision:
        snapshot = folder / "snapshots" / revision
        return snapshot if snapshot.is_dir() else None
    snapshots = [path for path in _entries(folder / "snapshots") if path.is_dir()]
    return snapshots[0] if len(snapshots) == 1 else None
