"""The reference: the library's public names, from their docstrings, without importing anything.

A module's public names are its functions and classes without a leading `_`; a package's are those
of its `__all__`, wherever below it they are defined. A module inside a package is public as well
when a snippet imports it, with what the package itself does not export.

mkdocstrings would do the same with three more packages in the lock and a search index of its own to
tame; the docstrings here have one form, so the standard library's `ast` and a page of parsing do.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from html import escape
from pathlib import Path

from explainer.site import docstrings, snippets
from explainer.site.imports import needs

PACKAGE = "explainer"
_INTERNAL = ("site", "cli")
_UNSEARCHED = 'data-search-exclude="true"'
_WIDE = 88
_WORDS = {
    "zh": {
        "Args": "参数",
        "Returns": "返回",
        "Yields": "逐个给出",
        "Raises": "报错",
        "Examples": "例子",
        "References": "文献",
        "Note": "注意",
        "Notes": "注意",
        "constants": "常量",
        "lang": "zh-Hans",
    },
    "en": {
        "Args": "Arguments",
        "Returns": "Returns",
        "Yields": "Yields",
        "Raises": "Raises",
        "Examples": "Examples",
        "References": "References",
        "Note": "Note",
        "Notes": "Notes",
        "constants": "Constants",
        "lang": "en",
    },
}
_Named = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Module:
    """What one importable module offers.

    Args:
        name: "explainer.checkpoints".
        docstring: Its docstring.
        members: Its public functions and classes, in order.
        constants: The other names that it exports.
    """

    name: str
    docstring: str
    members: tuple[_Named, ...]
    constants: tuple[str, ...]


def public(source: Path, root: Path) -> dict[str, Module]:
    """Return the public modules of the library, with those that a project's snippets import.

    Args:
        source: The folder that holds the package `explainer`.
        root: The project's root.
    """
    files = [*(source / PACKAGE).rglob("*.py"), *snippets.find(root)]
    return _public(source, root, tuple((path, path.stat().st_mtime_ns) for path in files))


@functools.lru_cache(maxsize=2)
def _public(source: Path, root: Path, state: tuple[tuple[Path, int], ...]) -> dict[str, Module]:
    scripts = (snippets.load(path, root=root) for path in snippets.find(root))
    return modules(source, {name for snippet in scripts for name in needs(snippet)})


def modules(source: Path, imported: Iterable[str] = ()) -> dict[str, Module]:
    """Return the public modules and packages of the library, sorted by name.

    Args:
        source: The folder that holds the package `explainer`.
        imported: What snippets import, "explainer.models.bert".
    """
    found: dict[str, Module] = {}
    for path in sorted((source / PACKAGE).iterdir()):
        file = path / "__init__.py" if path.is_dir() else path
        is_public = not path.stem.startswith("_") and path.stem not in _INTERNAL
        if is_public and file.suffix == ".py" and file.is_file():
            below = sorted(path.rglob("*.py")) if path.is_dir() else [path]
            module = _read(f"{PACKAGE}.{path.stem}", file, tuple(below))
            if module.members or module.constants:
                found[module.name] = module
    for name in sorted(set(imported) - set(found)):
        file = source.joinpath(*name.split(".")).with_suffix(".py")
        package = found.get(name.rpartition(".")[0])
        if package is not None and file.is_file():
            module = _read(name, file, (file,))
            known = {node.name for node in package.members}
            rest = tuple(node for node in module.members if node.name not in known)
            if rest:
                found[name] = replace(module, members=rest)
    return dict(sorted(found.items()))


def _read(name: str, file: Path, below: Sequence[Path]) -> Module:
    tree = _tree(file.read_text(encoding="utf-8"))
    defined = [node for path in below for node in _defined(path)]
    exported = _all(tree) if file.name == "__init__.py" else []
    if not exported:
        own = defined if file.name != "__init__.py" else [*_defined(file)]
        members, constants = [n for n in own if not n.name.startswith("_")], []
    else:
        first = {node.name: node for node in reversed(defined)}
        members = [first[name] for name in exported if name in first]
        constants = [name for name in exported if name not in first]
    return Module(name, ast.get_docstring(tree) or "", tuple(members), tuple(constants))


@functools.lru_cache(maxsize=512)
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _defined(path: Path) -> Iterator[_Named]:
    for node in _tree(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node


def _all(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def chosen(found: Mapping[str, Module], block: str, others: Sequence[str]) -> list[Module]:
    """Return the modules that one block of a page lists.

    Args:
        found: The library's modules.
        block: A name a line, "explainer.facts", or with a wildcard, "explainer.digits*"; or the
            one word `others`, for all that no other block lists.
        others: The page's other blocks.

    Returns:
        The modules in the order of the lines, each once.

    Raises:
        ValueError: If a name without a wildcard is that of no public module.
    """
    if block.strip() == "others":
        listed = {module.name for other in others for module in chosen(found, other, ())}
        return [module for name, module in found.items() if name not in listed]
    names: dict[str, None] = {}
    for pattern in block.split():
        if pattern != "others" and "*" not in pattern and pattern not in found:
            raise ValueError(f"{pattern!r} is no public module; there are {', '.join(found)}")
        names |= dict.fromkeys(name for name in found if fnmatchcase(name, pattern))
    return [found[name] for name in names]


def render(found: Sequence[Module], language: str) -> str:
    """Return modules as HTML: a heading each, and what folds out below each name.

    Args:
        found: The modules.
        language: "zh" or "en"; it sets the labels, the docstrings are English.
    """
    words = _WORDS[language]
    html = "".join(map(_module, found))
    html = re.sub(r"\x00(\w+)\x00", lambda label: words[label[1]], html)
    return f'<div class="reference">{html}</div>'


def _module(module: Module) -> str:
    doc = docstrings.parse(module.docstring)
    parts = [
        f'<h3 id="{module.name}" {_UNSEARCHED}><code>{module.name}</code></h3>'
        f'<p lang="en">{_inline(doc.summary)}</p>'
    ]
    if module.constants:
        names = ", ".join(f"<code>{escape(name)}</code>" for name in module.constants)
        parts.append(f"<p>\x00constants\x00: {names}</p>")
    parts += [_member(f"{module.name}.{node.name}", node) for node in module.members]
    return "".join(parts)


@functools.lru_cache(maxsize=4096)
def _member(path: str, node: _Named) -> str:
    """Return one entry; both languages, and builds of one server, share what is the same."""
    doc = _doc(node)
    inner = _explained(node, doc)
    if isinstance(node, ast.ClassDef):
        inner += "".join(
            f'<div class="method">{_explained(method, _doc(method), with_summary=True)}</div>'
            for method in node.body
            if isinstance(method, ast.FunctionDef) and not method.name.startswith("_")
        )
    return (
        f'<details class="entry"><summary><code>{escape(node.name)}</code> '
        f'<span lang="en">{_inline(doc.summary)}</span></summary>'
        f'<div id="{escape(path)}" lang="en">{inner}</div></details>'
    )


def _doc(node: _Named) -> docstrings.Docstring:
    return docstrings.parse(ast.get_docstring(node) or "")


def _explained(node: _Named, doc: docstrings.Docstring, *, with_summary: bool = False) -> str:
    parts = [f"<pre><code>{escape(signature(node), quote=False)}</code></pre>"]
    if with_summary:
        parts.append(f"<p>{_inline(doc.summary)}</p>")
    if doc.body:
        parts.append(docstrings.html(doc.body))
    for section in doc.sections:
        parts.append(f'<p class="label" lang="\x00lang\x00">\x00{section.kind}\x00</p>')
        if any(name for name, _ in section.items):
            rows = "".join(
                f"<dt><code>{escape(name)}</code></dt><dd>{docstrings.html(text)}</dd>"
                for name, text in section.items
            )
            parts.append(f"<dl>{rows}</dl>")
        else:
            parts.append("".join(docstrings.html(text) for _, text in section.items))
    return "".join(parts)


def signature(node: _Named) -> str:
    """Return a function's or class's first line, a parameter a line where it is long.

    Examples:
        >>> (node,) = ast.parse("def f(x: int, *, bits: int = 8) -> int: ...").body
        >>> signature(node)
        'f(x: int, *, bits: int = 8) -> int'
    """
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, node.bases))
        return f"class {node.name}({bases})" if bases else f"class {node.name}"
    after = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if any(ast.unparse(decorator).endswith("property") for decorator in node.decorator_list):
        return node.name + after.replace(" -> ", ": ")
    parameters = [*_parameters(node.args)]
    line = f"{node.name}({', '.join(parameters)}){after}"
    if len(line) <= _WIDE:
        return line
    return f"{node.name}(\n" + "".join(f"    {p},\n" for p in parameters) + f"){after}"


def _parameters(args: ast.arguments) -> Iterator[str]:
    """Yield each parameter as it is written, the bare `*` too."""
    missing = len(args.posonlyargs) + len(args.args) - len(args.defaults)
    defaults: list[ast.expr | None] = [*([None] * missing), *args.defaults]

    def one(arg: ast.arg, default: ast.expr | None) -> str:
        typed = f"{arg.arg}: {ast.unparse(arg.annotation)}" if arg.annotation else arg.arg
        equals = " = " if arg.annotation else "="
        return typed + (f"{equals}{ast.unparse(default)}" if default else "")

    for at, (arg, default) in enumerate(
        zip([*args.posonlyargs, *args.args], defaults, strict=True), start=1
    ):
        yield one(arg, default)
        if at == len(args.posonlyargs):
            yield "/"
    if args.vararg:
        yield f"*{ast.unparse(args.vararg)}"
    elif args.kwonlyargs:
        yield "*"
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield one(arg, default)
    if args.kwarg:
        yield f"**{ast.unparse(args.kwarg)}"


def _inline(text: str) -> str:
    """Return one line of a docstring as HTML: code, and formulas as the page's others."""
    return docstrings.html(text).removeprefix("<p>").removesuffix("</p>") if text else ""
