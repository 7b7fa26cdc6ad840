"""Quoting: an expression over the values of runs, and where its value comes from.

`{{ line.slope:.2f }}`: inside the braces stands what stands inside an f-string's.
Names are this chapter's snippets, then other chapters, and `facts`.
"""

from __future__ import annotations

import builtins
import difflib
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from explainer.facts import PATH as FACTS_PATH
from explainer.facts import Fact, load
from explainer.site import cited
from explainer.site.encoding import Opaque
from explainer.site.errors import Problem
from explainer.site.expressions import split
from explainer.site.numerals import FormatError, format_value
from explainer.site.runs import Run, Store
from explainer.site.snippets import Snippet, chapter_of
from explainer.site.snippets import load as load_snippet

_SAFE = (
    "abs all any bool dict enumerate float int len list max min range reversed round set sorted "
    "str sum tuple zip True False None"
).split()
BUILTINS = {name: getattr(builtins, name) for name in _SAFE}


class QuoteError(ValueError):
    """A quotation that is refused: what is wrong, and the fix."""

    def __init__(self, message: str, fix: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.message, self.fix = message, fix


@dataclass(frozen=True)
class Source:
    """Where one name of an expression comes from: a line of a snippet, or a fact."""

    run: str
    path: str
    line: int
    measured: bool = False
    fact: Fact | None = None


@dataclass(frozen=True)
class Quoted:
    """A value and its provenance.

    Args:
        value: What the expression gives.
        expr: The expression as written.
        format: The format as written.
        kind: "computed", "measured" (any part was), or "cited" (a fact by itself).
        sources: Where its names come from, in the order of use.
    """

    value: Any
    expr: str
    format: str
    kind: str
    sources: tuple[Source, ...]

    def text(self, language: str) -> str:
        """Return the value as the readers of a language write it."""
        try:
            return format_value(self.value, self.format, language)
        except FormatError as error:
            is_finite = not isinstance(self.value, float) or math.isfinite(self.value)
            fix = "write another format, `:.2f` say" if is_finite else "give a finite value"
            raise QuoteError(f"{{{{ {self.expr} }}}}: {error}", fix) from error


class Scope:
    """The names that a page may use.

    Args:
        root: The project's root.
        store: Its runs.
        page: The page that quotes, "parameters/counting.md"; "" for none.
        language: "zh" or "en".
    """

    def __init__(self, root: Path, store: Store, page: str, language: str) -> None:
        """Open the scope; snippets are loaded when first named."""
        self.root, self.store, self.page, self.language = root, store, page, language
        self.chapter = chapter_of(page)
        self.used: dict[str, Run] = {}
        self._known: dict[str, tuple[Snippet, Run]] = {}
        self._sources: list[Source] = []

    def snippet(self, id: str) -> tuple[Snippet, Run]:
        """Return a snippet and its run by id ("parameters/line").

        Raises:
            QuoteError: If there is no such snippet, or it has not been run.
        """
        if id in self._known:
            return self._known[id]
        path = self.root / "snippets" / f"{id}.py"
        if not path.is_file():
            near = difflib.get_close_matches(id, self._ids())
            raise QuoteError(
                f"there is no snippet {id!r} (snippets/{id}.py)",
                f"did you mean {near[0]!r}?" if near else "write that file, or mend the name",
            )
        try:
            snippet = load_snippet(path, root=self.root)
        except Problem as problem:
            place = f"{problem.path}:{problem.line}: {problem.message}"
            raise QuoteError(f"snippet {id} has no run: {place}", problem.fix) from problem
        run = self.store.load(snippet)
        if run is None:
            raise QuoteError(f"snippet {id} has no run that is up to date", f"explainer run {id}")
        self.used[id] = run
        self._known[id] = snippet, run
        return snippet, run

    def _ids(self) -> list[str]:
        files = (self.root / "snippets").glob("*/*.py")
        return [f"{path.parent.name}/{path.stem}" for path in files]

    def evaluate(self, expr: str, bound: Mapping[str, Any] | None = None) -> Quoted:
        """Evaluate an expression.

        Args:
            expr: A Python expression.
            bound: Further names, `row` in a table.

        Returns:
            The value with its provenance.

        Raises:
            QuoteError: If it fails, or uses no value of a run or fact.
        """
        self._sources = []
        try:
            code = _compiled(expr)
            names = {n for n in code.co_names if not hasattr(builtins, n)}
            space = {"__builtins__": BUILTINS, **self._names(code, bound or {})}
            value = eval(code, space)
        except QuoteError:
            raise
        except Exception as error:
            near = self._near(error)
            raise QuoteError(
                f"{{{{ {expr} }}}} failed: {type(error).__name__}: {error}",
                near or "mend the expression, or the snippet that it quotes",
            ) from error
        if isinstance(value, Opaque):
            raise QuoteError(f"{{{{ {expr} }}}}: {value.reason}", "quote a number that it holds")
        if isinstance(value, _Names):
            raise QuoteError(f"{{{{ {expr} }}}} names no value", "add the name of a value: .slope")
        if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
            value = value.item()  # one number of an array
        if not self._sources and not (bound and names & set(bound)):
            raise QuoteError(
                f"{{{{ {expr} }}}} uses no value of a snippet and no fact",
                "compute it in a snippet, so that a reader can see by what",
            )
        return Quoted(value, expr, "", _kind(expr, self._sources), tuple(self._sources))

    def quote(self, body: str, bound: Mapping[str, Any] | None = None) -> Quoted:
        """Evaluate what stands between the braces, `expr:format`."""
        try:
            quote = split(body)
        except ValueError as error:
            raise QuoteError(str(error), "write {{ snippet.name:format }}") from error
        quoted = self.evaluate(quote.source, bound)
        if isinstance(quoted.value, float) and not math.isfinite(quoted.value):
            raise QuoteError(
                f"{{{{ {quote.source} }}}}: the value is {quoted.value}", "give a finite value"
            )
        return replace(quoted, format=quote.format)

    def _names(self, code: Any, bound: Mapping[str, Any]) -> dict[str, Any]:
        space: dict[str, Any] = dict(bound)
        for name in _all_names(code):
            if name in space or name in BUILTINS:
                continue
            if name == "facts":
                space[name] = _Names(self._fact_group, "facts")
            elif (self.root / "snippets" / self.chapter / f"{name}.py").is_file():
                space[name] = self._snippet_names(f"{self.chapter}/{name}")
            elif (self.root / "snippets" / name).is_dir():
                space[name] = _Names(functools.partial(self._of_chapter, name), name)
        return space

    def _of_chapter(self, chapter: str, stem: str) -> Any:
        return self._snippet_names(f"{chapter}/{stem}")

    def _snippet_names(self, id: str) -> _Names:
        return _Names(lambda name: self._value(id, name), id)

    def _value(self, id: str, name: str) -> Any:
        snippet, run = self.snippet(id)
        if name not in run.values:
            near = difflib.get_close_matches(name, run.values)
            raise QuoteError(
                f"snippet {id} has no value {name!r}",
                f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(run.values)}",
            )
        origin = snippet.origins.get(name)
        if origin is not None and len(origin.cells) > 1:
            raise QuoteError(
                f"`{name}` of snippet {id} is set in the cells {' and '.join(origin.cells)}",
                "give each its own name, so that a quotation means one of them",
            )
        line, measured = (origin.line, origin.measured) if origin else (0, False)
        shown = snippet.path.relative_to(self.root).as_posix()
        self._sources.append(Source(id, shown, line, measured))
        return run.values[name]

    def _fact_group(self, group: str) -> Any:
        return _Names(lambda name: self._fact(f"{group}.{name}"), f"facts.{group}")

    def _fact(self, key: str) -> Any:
        facts = load()
        if key not in facts:
            near = difflib.get_close_matches(key, facts)
            raise QuoteError(
                f"there is no fact {key!r}",
                f"did you mean {near[0]!r}?" if near else "add it to facts.toml with its source",
            )
        path = "src/explainer/" + FACTS_PATH.name
        self._sources.append(Source(f"facts.{key}", path, cited.line_of(key), fact=facts[key]))
        return facts[key].value

    def _near(self, error: Exception) -> str:
        if not isinstance(error, NameError):
            return ""
        known = [p.stem for p in (self.root / "snippets" / self.chapter).glob("*.py")]
        near = difflib.get_close_matches(str(error.name), known)
        if near:
            return f"did you mean {near[0]!r}?"
        return f"the snippets of this chapter are: {', '.join(sorted(known)) or 'none'}"


class _Names:
    """What a dot can follow: `line` in `line.slope`."""

    def __init__(self, get: Callable[[str], Any], of: str) -> None:
        self._get, self._of = get, of

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._get(name)


def _all_names(code: Any) -> set[str]:
    """Return the global names of an expression and of the comprehensions inside it."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            names |= _all_names(constant)
    return names


@functools.lru_cache(maxsize=4096)
def _compiled(expr: str) -> Any:
    return compile(expr, "<value>", "eval")


def _kind(expr: str, sources: list[Source]) -> str:
    if any(source.measured for source in sources):
        return "measured"
    alone = len(sources) == 1 and sources[0].fact is not None
    return (
        "cited"
        if alone and expr.strip().replace(".", "").replace("_", "").isalnum()
        else "computed"
    )


def machine_value(value: Any) -> str:
    """Return the value in full, for machines: every digit of it.

    Examples:
        >>> machine_value(0.1), machine_value(10**20), machine_value(True)
        ('0.1', '100000000000000000000', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        raise QuoteError(f"the value is {value}", "give a finite value")
    return repr(value) if isinstance(value, int | float) else str(value)
