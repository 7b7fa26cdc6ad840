"""What a run depends on beside its files: Python, packages, device, JAX's settings.

Asked without importing JAX: a probe in a process of its own answers once and is remembered.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

_asking = threading.Lock()  # one probe, however many runs wait for it
# Settings of the environment that change what JAX computes, or on what.
_SETTINGS = ("XLA_FLAGS", "JAX_PLATFORMS", "JAX_ENABLE_X64", "JAX_DEFAULT_MATMUL_PRECISION")
_VISIBLE = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "TPU_VISIBLE_CHIPS")
_PROBE = (
    "import json, jax\n"
    "d = jax.devices()[0]\n"
    "print(json.dumps({'platform': d.platform, 'kind': d.device_kind}))\n"
)


def child_environment(root: Path) -> dict[str, str]:
    """Return the environment of a run: fixed hash seed, no colour, JAX's compilation cache on."""
    # PYTHONDONTWRITEBYTECODE, which containers set, would compile JAX anew in each process.
    left_out = ("COV_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    return kept | {
        "XLA_FLAGS": _xla_flags(),
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": "88",
        "TZ": "UTC",
        "NO_COLOR": "1",
        # Under `make serve` src/ is watched: nothing may be written into it.
        "PYTHONPYCACHEPREFIX": str(root / ".explainer" / "pycache"),
        "JAX_COMPILATION_CACHE_DIR": str(root / ".explainer" / "jax"),
        # Without these only programs slow to compile are kept, and under keys that hold the path.
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "JAX_PERSISTENT_CACHE_ENABLE_XLA_CACHES": "none",
    }


def _xla_flags() -> str:
    """Return XLA's settings: the caller's, and a quicker compilation unless they say otherwise.

    A snippet's programs are small and run once, so compiling them is most of what they cost: at
    level 2 it takes a third less than at 3, and the values are the same.
    """
    given = os.environ.get("XLA_FLAGS", "")
    if "--xla_backend_optimization_level" in given:
        return given
    return f"{given} --xla_backend_optimization_level=2".strip()


def settings() -> dict[str, str]:
    """Return the settings of the environment that change what is computed."""
    found = {name: os.environ[name] for name in _SETTINGS if os.environ.get(name)}
    found["XLA_FLAGS"] = _xla_flags()
    return found | {"machine": platform.machine(), "python": platform.python_version()}


@functools.cache
def version(distribution: str) -> str:
    """Return the version of an installed distribution, "" if there is none."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


@functools.cache
def _distributions() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())


def distributions(modules: list[str]) -> dict[str, str]:
    """Return name and version of each distribution that the top-level `modules` belong to."""
    known = _distributions()
    names = sorted({name for module in modules for name in known.get(module, ())})
    # The library itself is followed module by module, not by its version.
    return {name: version(name) for name in names if name != "explainer"}


@functools.cache
def processor() -> str:
    """Return the name of this machine's processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def device(root: Path) -> dict[str, str]:
    """Return the device on which JAX computes here, `{"platform", "kind"}`.

    The last run that used JAX has left it; where none did under these settings, a process is asked.
    """
    with _asking:
        path = _device_path(root)
        if not path.exists():
            done = subprocess.run(
                [sys.executable, "-P", "-c", _PROBE],
                env=child_environment(root),
                capture_output=True,
                text=True,
                check=True,
            )
            write_atomically(path, done.stdout.splitlines()[-1])
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return found


def remember(root: Path, device: dict[str, str]) -> None:
    """Keep what a run found out about the device."""
    path, text = _device_path(root), json.dumps(device)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)


@functools.cache
def _device_path(root: Path) -> Path:
    """Return the file for the device under all that decides which one it is."""
    seen = {name: os.environ.get(name) for name in (*_SETTINGS, *_VISIBLE)}
    seen |= {name: version(name) for name in ("jax", "jaxlib")}
    seen["nodes"] = str(sorted(p.name for p in Path("/dev").glob("nvidia[0-9]*")))
    seen["accelerators"] = str(sorted(p.name for p in Path("/dev").glob("accel*")))
    key = hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]
    return root / ".explainer" / "devices" / f"{key}.json"


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a second writer, sees the whole of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".tmp-", delete=False) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    os.replace(file.name, path)
