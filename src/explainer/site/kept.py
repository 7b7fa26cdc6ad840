"""What rendering gave, kept between builds and languages under a key of all that it came from."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from explainer.site.environment import version, write_atomically

_DAY_SECONDS = 86_400
_KEPT_DAYS = 30


def kept(folder: Path, parts: Sequence[str], make: Callable[[], Any]) -> Any:
    """Return what `make` gave for these parts, now or in an earlier build.

    Two builds at once may both make it; each sees the whole of it or nothing.

    Args:
        folder: Where it is kept.
        parts: All that it comes from, the code and the packages that make it too.
        make: Makes it; what it returns must be JSON.
    """
    key = hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()[:32]
    path = folder / f"{key}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if time.time() - path.stat().st_mtime > _DAY_SECONDS:
            os.utime(path)
    except (OSError, ValueError):  # not there, or cut short
        found = make()
        write_atomically(path, json.dumps(found, ensure_ascii=False))
    return found


def forget(folder: Path) -> None:
    """Remove what no build has asked for in a month, from `folder` and those below it."""
    for path in folder.rglob("*.json"):
        if time.time() - path.stat().st_mtime > _KEPT_DAYS * _DAY_SECONDS:
            path.unlink(missing_ok=True)


def made_by(*files: Path, packages: Sequence[str]) -> list[str]:
    """Return the parts of a key that stand for code: our files, and packages by their versions."""
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    return [*hashes, *(f"{name} {version(name)}" for name in packages)]
