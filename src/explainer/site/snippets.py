"""Snippets: plain scripts cut into cells, and where each of their names comes from.

A snippet is `snippets/<chapter>/<name>.py`. It runs as it stands. `# %% name` opens a cell;
before the first cell stand only a docstring and comments.
"""

from __future__ import annotations

import ast
import functools
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from explainer.site.errors import Problem

DEFAULT_TIMEOUT_SECONDS = 120.0
_MARKER = re.compile(r"^# %%(?:\s+(?P<name>.*?))?\s*$")
_NAME = re.compile(r"[a-z][a-z0-9_]*$")
_TIMEOUT = re.compile(r"^# timeout:\s*(\d+(?:\.\d+)?)\s*s?\s*$")
# What reads a clock: names computed from it are measured, whether or not a comment says so.
_CLOCKS = {"time", "timeit", "perf_counter", "process_time", "monotonic", "resource"}


@dataclass(frozen=True)
class Cell:
    """One cell of a snippet: lines `start` to `end` of its file, from 1, marker left out."""

    name: str
    source: str
    start: int
    end: int


@dataclass(frozen=True)
class Origin:
    """Where a name gets its value.

    Args:
        line: Line of its last assignment.
        cells: Names of the cells that assign it, in order.
        measured: Whether it was measured (a timing), or computed from what was.
    """

    line: int
    cells: tuple[str, ...]
    measured: bool


@dataclass(frozen=True)
class Snippet:
    """A snippet as its file has it."""

    id: str
    path: Path
    text: str
    cells: tuple[Cell, ...]
    origins: dict[str, Origin]
    measured_cells: frozenset[str]
    timeout_seconds: float
    title: str

    def cell(self, name: str) -> Cell | None:
        """Return the cell of that name, or None."""
        return next((cell for cell in self.cells if cell.name == name), None)

    def line(self, number: int) -> str:
        """Return one line of the file, without its indent."""
        return self.text.splitlines()[number - 1].strip()


def snippet_id(path: Path) -> str:
    """Return "parameters/line" for `…/snippets/parameters/line.py`."""
    return f"{path.parent.name}/{path.stem}"


def chapter_of(page: str) -> str:
    """Return the folder of snippets that a page quotes by default.

    Examples:
        >>> chapter_of("parameters/counting.md"), chapter_of("local-models.md")
        ('parameters', 'local_models')
    """
    first = page.split("/")[0]
    return first.removesuffix(".md").removesuffix(".ipynb").replace("-", "_")


def find(root: Path) -> list[Path]:
    """Return the files of all snippets of a project, sorted."""
    return sorted((root / "snippets").glob("*/*.py"))


def load(path: Path, *, root: Path | None = None) -> Snippet:
    """Read a snippet.

    Args:
        path: The file.
        root: The project's root, for the paths in errors; the grandparent's parent if left out.

    Raises:
        Problem: If it is not Python, has code before its first cell, or a cell has no name,
            a wrong one, or one that another cell has.
    """
    shown = path.relative_to(root or path.parent.parent.parent).as_posix()
    return parse(path.read_text(encoding="utf-8"), path=path, shown=shown)


@functools.lru_cache(maxsize=512)
def parse(text: str, *, path: Path, shown: str, id: str | None = None) -> Snippet:
    """Cut the text of a snippet into cells; see `load`."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise Problem(
            shown, error.lineno or 1, f"not Python: {error.msg}", "mend the syntax"
        ) from error
    cells = tuple(_cells(text, tree, shown))
    origins, measured_cells = _origins(tree, cells, _measured_lines(text))
    return Snippet(
        id=id or snippet_id(path),
        path=path,
        text=text,
        cells=cells,
        origins=origins,
        measured_cells=frozenset(measured_cells),
        timeout_seconds=_timeout(text),
        title=(ast.get_docstring(tree) or path.stem.replace("_", " ")).splitlines()[0].rstrip("."),
    )


def _cells(text: str, tree: ast.Module, shown: str) -> Iterator[Cell]:
    lines = text.splitlines()
    starts: list[tuple[str, int]] = []
    for number, line in enumerate(lines, start=1):
        if not (match := _MARKER.match(line)):
            continue
        name = match["name"] or ""
        if not _NAME.match(name):
            raise Problem(
                shown, number, f"cell name {name!r} is not lower_case", "write `# %% fit`, say"
            )
        if name in (seen := dict(starts)):
            raise Problem(
                shown, number, f"cell {name!r} stands at line {seen[name]} already", "rename one"
            )
        starts.append((name, number))
    first = starts[0][1] if starts else len(lines) + 1
    code = [node for node in tree.body if not _is_docstring(node)]
    if code and code[0].lineno < first:
        raise Problem(
            shown,
            code[0].lineno,
            "code before the first cell",
            "put a line `# %% name` above it",
        )
    ends = [start - 1 for _, start in starts[1:]] + [len(lines)]
    for (name, start), end in zip(starts, ends, strict=True):
        while end > start and not lines[end - 1].strip():
            end -= 1
        begin = start + 1
        while begin < end and not lines[begin - 1].strip():
            begin += 1
        yield Cell(name, "\n".join(lines[begin - 1 : end]), begin, end)


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _timeout(text: str) -> float:
    for line in text.splitlines():
        if match := _TIMEOUT.match(line):
            return float(match[1])
    return DEFAULT_TIMEOUT_SECONDS


def _measured_lines(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(StringIO(text).readline)
    return {
        token.start[0]
        for token in tokens
        if token.type == tokenize.COMMENT and token.string.lstrip("# ").startswith("measured")
    }


def _origins(
    tree: ast.Module, cells: tuple[Cell, ...], measured_lines: set[int]
) -> tuple[dict[str, Origin], set[str]]:
    """Follow the names through the top level: who assigns them, and what flows from a clock."""
    origins: dict[str, Origin] = {}
    tainted: set[str] = set()
    measured_cells: set[str] = set()
    for statement in tree.body:
        cell = next((c.name for c in cells if c.start <= statement.lineno <= c.end), "")
        uses = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
        lines = set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
        measured = bool(lines & measured_lines) or bool(uses & (tainted | _CLOCKS))
        if measured and not isinstance(statement, ast.Import | ast.ImportFrom):
            measured_cells.add(cell)
        for name, line in _assigned(statement):
            before = origins[name].cells if name in origins else ()
            where = before if cell in before else (*before, cell)
            origins[name] = Origin(line, where, measured)
            (tainted.add if measured else tainted.discard)(name)
    return origins, measured_cells


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """Yield the names that a top-level statement binds at the top level, with their lines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        yield statement.name, statement.lineno
        return
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        if isinstance(
            node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        ):
            continue  # their names are their own
        stack.extend(
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        )
