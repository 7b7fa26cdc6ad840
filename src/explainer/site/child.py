"""Run one snippet, cell by cell, in this process, and write down what it did.

Called as `python -P -m explainer.site.child JOB`, or in a fork of `forkserver`, where JOB is a
JSON file `{"path", "text", "cells": [[name, start, end], …], "out"}`.
It writes `record.json` and `arrays.npz` into the folder `out`.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
import io
import json
import os
import resource
import sys
import time
import traceback
import types
from contextlib import redirect_stdout
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from explainer.site import preloading
from explainer.site.encoding import encode
from explainer.site.preloading import Imports

MAX_OUTPUT_CHARACTERS = 1 << 20


class _Output(io.StringIO):
    """Standard output of a cell, with an end."""

    def write(self, text: str) -> int:
        if self.tell() > MAX_OUTPUT_CHARACTERS:
            raise RuntimeError(f"a cell prints more than {MAX_OUTPUT_CHARACTERS} characters")
        return super().write(text)


def main(job_path: str, imports: Imports | None = None) -> None:
    """Run the job and write its record.

    Args:
        job_path: The JSON file.
        imports: What this process imports, where it is a fork with modules loaded already.
    """
    job = json.loads(Path(job_path).read_text(encoding="utf-8"))
    imports = imports or Imports()
    opened: set[str] = set()
    _watch_opened(opened)
    jax = _WatchJax()
    started = time.perf_counter()
    record: dict[str, Any] = {"outputs": {}, "error": None}
    namespace = _namespace(job["path"])
    try:
        _run_cells(job, namespace, record["outputs"])
    except BaseException as error:
        record["error"] = _describe(error, job["path"])
    record["seconds"] = time.perf_counter() - started
    usage = resource.getrusage(resource.RUSAGE_SELF)
    record["cpu_seconds"] = usage.ru_utime + usage.ru_stime
    arrays: dict[str, Any] = {}
    if record["error"] is None:
        record["config_changes"] = jax.changes()
        record["values"] = _values(namespace, arrays)
    used = {name.split(".")[0] for name in imports.used()}
    record["device"] = _device(used)
    record["modules"] = sorted(used)
    record["imports"] = _imports()
    record["opened"] = sorted(opened)
    out = Path(job["out"])
    if arrays:
        import numpy as np

        np.savez(out / "arrays.npz", allow_pickle=False, **arrays)
    (out / "record.json").write_text(json.dumps(record), encoding="utf-8")


def _namespace(path: str) -> dict[str, Any]:
    """Return the namespace of a module `__main__`, as a script's own."""
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    sys.argv = [path]
    return module.__dict__


def _run_cells(job: dict[str, Any], namespace: dict[str, Any], outputs: dict[str, str]) -> None:
    tree = ast.parse(job["text"], filename=job["path"])
    import linecache

    text = job["text"]
    linecache.cache[job["path"]] = (len(text), None, text.splitlines(True), job["path"])
    for name, start, end in job["cells"]:
        body = [node for node in tree.body if start <= node.lineno <= end]
        code = compile(ast.Module(body, type_ignores=[]), job["path"], "exec", dont_inherit=True)
        with redirect_stdout(_Output()) as output:
            exec(code, namespace)
        outputs[name] = output.getvalue()


def _describe(error: BaseException, path: str) -> dict[str, Any]:
    """Say what was raised and on which line of the snippet."""
    if isinstance(error, SyntaxError) and error.filename == path:
        line = error.lineno or 0
    else:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((f.lineno or 0 for f in reversed(frames) if f.filename == path), 0)
    summary = traceback.format_exception_only(error)[-1].strip()
    ours = {__file__, preloading.__file__}
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename not in ours]
    return {"line": line, "summary": summary, "frames": traceback.format_list(own)[-6:]}


class _WatchJax(importlib.abc.MetaPathFinder):
    """Note JAX's global settings at the moment when it has been imported."""

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        if jax := sys.modules.get("jax"):
            self.settings = _jax_settings(jax)
        else:
            sys.meta_path.insert(0, self)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != "jax":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module: types.ModuleType) -> None:
            load(module)
            self.settings = _jax_settings(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec

    def changes(self) -> list[str]:
        """Name the settings that are not as they were."""
        if not self.settings:
            return []
        now, before = _jax_settings(sys.modules["jax"]), self.settings
        return [f"{k}: {before[k]} -> {v}" for k, v in now.items() if before.get(k, v) != v]


def _jax_settings(jax: types.ModuleType) -> dict[str, str]:
    return {name: repr(value) for name, value in jax.config.values.items()}


def _values(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    return {
        name: encode(value, arrays)
        for name, value in namespace.items()
        if not name.startswith("_")
        and not isinstance(value, types.ModuleType | types.FunctionType | type)
        and not (callable(value) and not hasattr(value, "__dataclass_fields__"))
    }


def _device(used: set[str]) -> dict[str, str]:
    """Return where JAX computed, or the processor where it was not used."""
    if "jax" not in used:
        return {"platform": "cpu", "kind": "cpu"}
    device = sys.modules["jax"].devices()[0]
    return {"platform": device.platform, "kind": device.device_kind}


def _imports() -> list[str]:
    """Return the files of the library's modules that the snippet imported."""
    package = Path(sys.modules["explainer"].__file__ or "").parent
    own = {"explainer.site"}
    files = []
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] != "explainer" or any(
            name == o or name.startswith(o + ".") for o in own
        ):
            continue
        if file := getattr(module, "__file__", None):
            files.append(Path(file).relative_to(package).as_posix())
    return sorted(files)


def _watch_opened(opened: set[str]) -> None:
    """Write down each file that is opened for reading, outside of Python's own folders."""
    skip = tuple(
        os.path.realpath(p) + os.sep
        for p in (sys.prefix, sys.base_prefix, os.getcwd(), "/proc", "/sys", "/dev", "/etc")
    )
    cache = os.environ.get("JAX_COMPILATION_CACHE_DIR")

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(args[0], str | os.PathLike):
            return
        mode, flags = args[1], args[2]
        writes = any(c in mode for c in "wax+") if isinstance(mode, str) else flags & 3
        path = os.path.realpath(args[0])
        if writes or path.startswith(skip) or path.endswith((".py", ".pyc", ".so")):
            return
        if cache and path.startswith(os.path.realpath(cache)):
            return
        opened.add(path)

    sys.addaudithook(watch)


if __name__ == "__main__":
    main(sys.argv[1])
