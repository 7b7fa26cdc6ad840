"""The reference says what the library is: held against Python's own import and `inspect`."""

from __future__ import annotations

import ast
import gzip
import importlib
import inspect
import re
import xml.etree.ElementTree as ElementTree
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest

from explainer.site import docstrings, reference
from tests.site.tiny import ROOT, Tiny

# Light to import, and between them everything: packages, late names, classes, keyword arguments.
IMPORTED = ["checkpoints", "architectures", "formats", "parameters", "facts", "models", "pruning"]


@pytest.fixture(scope="module")
def library() -> dict[str, reference.Module]:
    """The public modules of the library itself."""
    return reference.modules(ROOT / "src", ["explainer.formats.conversion"])


def own(module: ModuleType) -> set[str]:
    """Return the functions and classes that a module offers, as Python sees them."""
    names = getattr(module, "__all__", None) or [n for n in vars(module) if n[0] != "_"]
    below = module.__name__
    return {
        name
        for name in names
        if (inspect.isclass(it := getattr(module, name)) or inspect.isroutine(inspect.unwrap(it)))
        and str(it.__module__).startswith(below)
    }


@pytest.mark.parametrize("name", IMPORTED)
def test_what_is_listed_is_what_can_be_imported(
    library: dict[str, reference.Module], name: str
) -> None:
    """Names, summaries and parameters are those of the imported module, none missing."""
    module = importlib.import_module(f"explainer.{name}")
    listed = {node.name: node for node in library[f"explainer.{name}"].members}
    assert set(listed) >= own(module)
    for member, node in listed.items():
        real = getattr(module, member)
        doc = inspect.getdoc(real) or ""
        assert (ast.get_docstring(node) or "") == doc
        if isinstance(node, ast.FunctionDef):
            shown = reference.signature(node)
            for parameter in inspect.signature(real).parameters:
                assert re.search(rf"[(\s*]{parameter}\b", shown), (member, parameter)


def test_a_module_inside_a_package_adds_what_the_package_lacks(
    library: dict[str, reference.Module],
) -> None:
    """A name stands once: with its package where that exports it."""
    inner = {node.name for node in library["explainer.formats.conversion"].members}
    outer = {node.name for node in library["explainer.formats"].members}
    assert inner and not inner & outer
    assert "explainer.site" not in library and "explainer.cli" not in library


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_module_is_well_formed_and_light(
    library: dict[str, reference.Module], language: str
) -> None:
    """All of it is well-formed, labels are translated, ids are single, and it weighs little."""
    html = reference.render([*library.values()], language)
    root = ElementTree.fromstring(re.sub(r"&(?!amp;|lt;|gt;|quot;|#)\w+;", "", html))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) > 200
    labels = {p.text for p in root.iter("p") if p.get("class") == "label"}
    assert labels <= set(reference._WORDS[language].values())
    assert "\x00" not in html
    assert len(gzip.compress(html.encode(), 6)) < 100_000
    assert reference._WORDS["zh"].keys() == reference._WORDS["en"].keys()


def test_sections_of_a_docstring() -> None:
    """Items, continued lines, and what is no item are told apart."""
    found = docstrings.parse(
        "Sum up.\n\nMore,\n  with `code`.\n\nArgs:\n    x: First,\n        continued.\n"
        "    *rest: Others.\n\nRaises:\n    ValueError: If `x` (=3): bad.\n\nExamples:\n"
        "    >>> 1 < 2\n    True\n\n    In words.\n"
    )
    assert (found.summary, found.body) == ("Sum up.", "More,\n  with `code`.")
    items = {section.kind: section.items for section in found.sections}
    assert items["Args"] == (("x", "First,\ncontinued."), ("*rest", "Others."))
    assert items["Raises"] == (("ValueError", "If `x` (=3): bad."),)
    html = docstrings.html(items["Examples"][0][1])
    assert html == "<pre><code>&gt;&gt;&gt; 1 &lt; 2\nTrue</code></pre><p>In words.</p>"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("def f(a, /, b=1, *c, d, e=2, **g): ...", "f(a, /, b=1, *c, d, e=2, **g)"),
        ("class C(A, B): ...", "class C(A, B)"),
        ("@property\ndef size(self) -> int: ...", "size: int"),
    ],
)
def test_signatures(code: str, wanted: str) -> None:
    """A short signature is one line; a property is a value."""
    (node,) = ast.parse(code).body
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    assert reference.signature(node) == wanted


def test_a_long_signature_keeps_its_meaning() -> None:
    """Broken over lines, a signature still reads as the same Python."""
    code = (
        "def long_name(first: int, second: str = 'a', /, third: float = 1.0, *, "
        "fourth: bytes, fifth: dict[str, int] | None = None, **others: object) -> int: ..."
    )
    (node,) = ast.parse(code).body
    assert isinstance(node, ast.FunctionDef)
    shown = reference.signature(node)
    assert shown.count("\n") == 9
    (again,) = ast.parse(f"def {shown}: ...").body
    assert ast.dump(again) == ast.dump(node)


def test_others_are_what_no_block_lists(library: dict[str, reference.Module]) -> None:
    """Every module stands in exactly one block; a name that is none is refused."""
    blocks = ["explainer.facts\nexplainer.formats*", "explainer.c*"]
    listed = [m.name for b in blocks for m in reference.chosen(library, b, ())]
    rest = [module.name for module in reference.chosen(library, "others", blocks)]
    assert listed[:3] == ["explainer.facts", "explainer.formats", "explainer.formats.conversion"]
    assert sorted(listed + rest) == list(library)
    with pytest.raises(ValueError, match=r"'explainer\.fact' is no public module"):
        reference.chosen(library, "explainer.fact", ())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_lists_each_module_once(
    library: dict[str, reference.Module], language: str
) -> None:
    """No module stands in two sections of the real page."""
    text = (ROOT / "docs" / language / "reference.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```reference\n(.*?)```", text, re.DOTALL)
    named = [
        m.name for b in blocks if b.strip() != "others" for m in reference.chosen(library, b, ())
    ]
    assert len(named) == len(set(named))
    assert blocks[-1].strip() == "others"


@pytest.mark.site
def test_a_built_page_has_the_reference_and_search_leaves_it_out(tiny: Tiny) -> None:
    """The fence draws the modules; what it draws is not in the search index."""
    tiny.page(
        "## Facts {#facts}\n\n```reference\nexplainer.facts\n```\n\n## After {#after}\n\nafterword"
    )
    site = tiny.build()
    html = unescape((site / "en" / "index.html").read_text(encoding="utf-8"))
    assert 'id="explainer.facts.load"' in html
    index = (site / "en" / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "afterword" in index and "explainer.facts" not in index


@pytest.mark.site
def test_a_name_that_is_no_module_ends_the_build(tiny: Tiny) -> None:
    """The refusal names the page and the module."""
    tiny.page("```reference\nexplainer.unknown\n```")
    assert "explainer.unknown" in tiny.refusal()
    assert Path("docs/zh/index.md").as_posix() in tiny.refusal()
