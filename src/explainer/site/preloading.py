"""What modules a process has asked for, though they had been loaded before it was forked.

A run's record names the packages that its snippet imported. In a process that begins with some
loaded, `sys.modules` no longer tells; so each import statement is written down: whose, and of what.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType, ModuleType
from typing import Any


class Imports:
    """The import statements that this process executes, from `watch` on."""

    def __init__(self) -> None:
        """Begin with what the interpreter has loaded by itself."""
        self.preloaded: frozenset[str] = frozenset(sys.modules)
        self._under_way = False
        self._within: dict[str, set[str]] = {}  # module -> modules that loading it imports
        self._asked: set[str] = set()  # since then

    def watch(self) -> None:
        """Write down each import statement, and each call of `importlib.import_module`."""
        statement, call = builtins.__import__, importlib.import_module

        def import_statement(
            name: str,
            globals: Mapping[str, Any] | None = None,
            locals: Mapping[str, Any] | None = None,
            fromlist: Sequence[str] | None = (),
            level: int = 0,
        ) -> ModuleType:
            module = statement(name, globals, locals, fromlist or (), level)
            self._note(name, globals or {}, fromlist or (), level)
            return module

        def import_module(name: str, package: str | None = None) -> ModuleType:
            module = call(name, package)
            self._record({module.__name__})
            return module

        builtins.__import__ = import_statement
        importlib.import_module = import_module

    def preload(self, names: Iterable[str]) -> None:
        """Import modules ahead of all snippets; one that is not installed is left out."""
        self._under_way = True
        for name in names:
            try:
                __import__(name)
            except ImportError:
                continue
        self._under_way = False
        self.preloaded = frozenset(sys.modules)

    def used(self) -> set[str]:
        """Return the modules that would be loaded now, had nothing been preloaded."""
        found = set(sys.modules) - self.preloaded
        waiting = found | self._asked
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.preloaded:
                found.add(name)
                parent = name.rpartition(".")[0]
                waiting |= self._within.get(name, set()) | ({parent} if parent else set())
        return found

    def _note(
        self, name: str, globals: Mapping[str, Any], fromlist: Sequence[str], level: int
    ) -> None:
        if level:
            package = globals.get("__package__") or globals.get("__name__", "")
            name = importlib.util.resolve_name("." * level + name, package)
        self._record({name, *(f"{name}.{item}" for item in fromlist)} & sys.modules.keys())

    def _record(self, names: set[str]) -> None:
        if self._under_way:
            self._within.setdefault(_module_under_way(), set()).update(names)
        else:
            self._asked |= names


def _module_under_way() -> str:
    """Return the module whose own code, through whatever functions, led here."""
    frame: FrameType | None = sys._getframe(3)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if frame.f_code.co_name == "<module>" and name in sys.modules:  # not the code of an `exec`
            return name
        frame = frame.f_back
    return ""
