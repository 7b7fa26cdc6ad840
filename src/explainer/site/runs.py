"""Runs: what a snippet gave, stored under a key of everything that it depends on.

A run's key covers the snippet's text, the library's modules that it really imported, the files
that it opened, the versions of the packages that it loaded, the device and the settings of the
environment. What a run depends on is known only after it, so a record lists its inputs, and it is
fresh while each of them is as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import explainer
from explainer.site import environment
from explainer.site.encoding import decode
from explainer.site.snippets import Snippet

PACKAGE = Path(explainer.__file__).parent
KEPT_RECORDS = 4
_FORMAT = ("child.py", "encoding.py")


@dataclass(frozen=True)
class Run:
    """One execution of a snippet.

    Args:
        id: The snippet's id, "parameters/line".
        key: Hash of everything that it depends on.
        outputs: What each cell printed.
        seconds: Wall time of the cells, in seconds.
        cpu_seconds: Processor time of the whole process, in seconds.
        device: Where it computed, "cpu · <processor>".
        versions: Versions of the packages that it loaded.
        finished: When it ended, UTC, ISO 8601.
        imports: The library's modules that it imported.
    """

    id: str
    key: str
    outputs: dict[str, str]
    seconds: float
    cpu_seconds: float
    device: str
    versions: dict[str, str]
    finished: str
    imports: tuple[str, ...]
    stored: dict[str, Any] = field(repr=False)
    arrays_path: Path | None = field(repr=False, default=None)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The snippet's public names and their values."""
        arrays: Mapping[str, Any] = {}
        if self.arrays_path is not None:
            import numpy as np

            with np.load(self.arrays_path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
        return {name: decode(value, arrays) for name, value in self.stored.items()}


class Store:
    """The runs of a project, in `.explainer/runs` below its root.

    Not in `.cache`: Zensical empties that folder.
    """

    def __init__(self, root: Path) -> None:
        """Open the store of the project at `root`."""
        self.root = root.resolve()
        self.folder = self.root / ".explainer" / "runs"
        self._hashes: dict[tuple[str, int, int], str] = {}
        self._runs: dict[tuple[str, str], Run] = {}

    def load(self, snippet: Snippet) -> Run | None:
        """Return the stored run of a snippet if nothing that it depends on has changed."""
        text_hash = _sha(snippet.text.encode())
        for path in sorted((self.folder / snippet.id).glob("*.json"), key=_newest_first):
            try:
                record = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue  # being replaced, or cut short: as good as absent
            if record["text"] == text_hash and self._is_fresh(record):
                return self._run(snippet, record, path)
        return None

    def last_seconds(self, snippet: Snippet) -> float:
        """Return how long the newest run of a snippet took, fresh or not; 0 if there is none."""
        for path in sorted((self.folder / snippet.id).glob("*.json"), key=_newest_first):
            try:
                return float(json.loads(path.read_text(encoding="utf-8"))["seconds"])
            except (OSError, ValueError, KeyError):
                continue
        return 0.0

    def save(self, snippet: Snippet, record: dict[str, Any], arrays: Path | None) -> Run:
        """Store what the child wrote down, atomically, and return it as a run."""
        record["text"] = _sha(snippet.text.encode())
        record["inputs"] = self._inputs(record)
        identity = {k: record[k] for k in ("text", "inputs", "versions", "settings", "device")}
        record["key"] = _sha(json.dumps(identity, sort_keys=True).encode())[:20]
        folder = self.folder / snippet.id
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{record['key']}.json"
        if arrays is not None:
            os.replace(arrays, path.with_suffix(".npz"))
        environment.write_atomically(path, json.dumps(record, ensure_ascii=False))
        self._prune(folder)
        return self._run(snippet, record, path)

    def _run(self, snippet: Snippet, record: dict[str, Any], path: Path) -> Run:
        identity = (snippet.id, record["key"])
        if identity not in self._runs:
            arrays = path.with_suffix(".npz")
            self._runs[identity] = Run(
                id=snippet.id,
                key=record["key"],
                outputs=record["outputs"],
                seconds=record["seconds"],
                cpu_seconds=record["cpu_seconds"],
                device=record["where"],
                versions=record["versions"],
                finished=record["finished"],
                imports=tuple(record["imports"]),
                stored=record["values"],
                arrays_path=arrays if arrays.exists() else None,
            )
        return self._runs[identity]

    def _inputs(self, record: dict[str, Any]) -> dict[str, str]:
        """Hash the files that the run depends on."""
        site = [f"explainer/site/{name}" for name in _FORMAT]
        modules = [f"explainer/{name}" for name in record["imports"]]
        inputs = {name: self._hash(PACKAGE.parent / name) for name in (*site, *modules)}
        for opened in record["opened"]:
            if Path(opened).is_file():
                inputs[self._relative(opened)] = self._hash(Path(opened))
        return inputs

    def _relative(self, path: str) -> str:
        """Name a file independently of where the project lies."""
        for base, prefix in ((PACKAGE, "explainer"), (self.root, "root:")):
            if Path(path).is_relative_to(base):
                inside = Path(path).relative_to(base).as_posix()
                return f"{prefix}/{inside}"
        return path

    def _absolute(self, name: str) -> Path:
        if name.startswith("root:/"):
            return self.root / name.removeprefix("root:/")
        return PACKAGE.parent / name if name.startswith("explainer/") else Path(name)

    def _is_fresh(self, record: dict[str, Any]) -> bool:
        if record["settings"] != environment.settings():
            return False
        if any(environment.version(n) != v for n, v in record["versions"].items()):
            return False
        if "jax" in record["versions"] and record["device"] != environment.device(self.root):
            return False
        return all(self._hash(self._absolute(n)) == h for n, h in record["inputs"].items())

    def _hash(self, path: Path) -> str:
        """Return the hash of a file, remembered while its time and size stand; "" if absent."""
        try:
            state = path.stat()
        except OSError:
            return ""
        identity = (str(path), state.st_mtime_ns, state.st_size)
        if identity not in self._hashes:
            with path.open("rb") as file:
                self._hashes[identity] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._hashes[identity]

    def _prune(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.json"), key=_newest_first)[KEPT_RECORDS:]:
            path.unlink(missing_ok=True)
            path.with_suffix(".npz").unlink(missing_ok=True)


def _newest_first(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
