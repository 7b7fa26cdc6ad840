"""Formulas become MathML at build, or the build says which formula and why."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from explainer.site.errors import Problem
from explainer.site.math import FormulaError, mathml

EXTENSIONS = ["pymdownx.arithmatex", "pymdownx.superfences", "explainer.site.math"]
CONFIGS = {"pymdownx.arithmatex": {"generic": True}}


def convert(text: str) -> str:
    """Return the HTML of one page."""
    page: str = Markdown(extensions=EXTENSIONS, extension_configs=CONFIGS).convert(text)
    return page


def tags(element: ET.Element) -> list[str]:
    """Return an element's children by name."""
    return [child.tag for child in element]


def test_a_fraction_has_two_children_in_order() -> None:
    """A fraction's numerator stands before its denominator, as MathML Core defines it."""
    fraction = ET.fromstring(mathml(r"\frac{x}{s}", display=False)).find("mfrac")
    assert fraction is not None
    assert ["".join(child.itertext()) for child in fraction] == ["x", "s"]


def test_a_display_formula_says_so() -> None:
    """A display formula carries `display="block"`, and no style that a strict policy forbids."""
    element = ET.fromstring(mathml(r"\sum_j e^{x_j}", display=True))
    assert element.get("display") == "block"
    assert element.get("style") is None


def test_aligned_equations_become_a_table() -> None:
    """Rows of an aligned formula are rows of a table, with no ampersand left over."""
    element = ET.fromstring(mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", display=True))
    assert len(list(element.iter("mtr"))) == 2
    assert "&" not in "".join(element.itertext())


def test_han_text_survives() -> None:
    """Chinese in a formula stays as written."""
    assert "量化误差" in "".join(
        ET.fromstring(mathml(r"\text{量化误差}", display=False)).itertext()
    )


@pytest.mark.parametrize("source", [r"so $a < b$ holds", r"so \(a < b\) holds"])
def test_inline_formulas_of_a_page(source: str) -> None:
    """Both inline spellings turn into MathML within their sentence, `<` included."""
    page = convert(source)
    assert page.startswith("<p>so <span")
    assert page.endswith(" holds</p>")
    assert "<mo>&lt;</mo>" in page
    assert r"\(" not in page


@pytest.mark.parametrize("source", ["$$\na + b\n$$", "\\[\na + b\n\\]", "$$ a + b $$"])
def test_display_formulas_of_a_page(source: str) -> None:
    """Display spellings turn into one block formula, kept out of the search index."""
    page = convert(source)
    assert page.count('<math display="block"') == 1
    assert "data-search-exclude" in page


def test_code_is_not_math() -> None:
    """Dollars in code and prices stay what they are."""
    page = convert("`$a$` costs 5 $ or 6 $\n\n```\n$$a$$\n```\n")
    assert "<math" not in page
    assert "$$a$$" in page


def test_an_unreadable_formula_is_named() -> None:
    """What Temml cannot read is refused with the formula itself."""
    with pytest.raises(FormulaError, match=r"\\nosuch\{x\}.*Unsupported"):
        mathml(r"\nosuch{x}", display=False)


def test_an_unreadable_formula_stops_the_page() -> None:
    """A page with an unreadable formula does not convert."""
    with pytest.raises(Problem, match=r"frac\{a"):
        convert(r"so $\frac{a$ holds")


def test_the_refusal_names_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In MkDocs the refusal points at the file and the line of the formula."""
    source = "---\ntitle: t\n---\n\nso $\\nosuch$ holds\n"
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "page.md"
    page.write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    md = Markdown(extensions=EXTENSIONS, extension_configs=CONFIGS)
    relpath = Treeprocessor(md)
    relpath.file = SimpleNamespace(abs_src_path=str(page))
    md.treeprocessors.register(relpath, "relpath", 0)
    with pytest.raises(Problem) as refusal:
        md.convert(source.split("---\n")[2])
    assert (refusal.value.path, refusal.value.line) == ("docs/page.md", 5)


def test_pages_without_math_load_no_engine() -> None:
    """A page without a formula does not even import QuickJS."""
    code = (
        "import sys; from markdown import Markdown;"
        f"Markdown(extensions={EXTENSIONS!r}, extension_configs={CONFIGS!r}).convert('plain');"
        "sys.exit('quickjs' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(("text", "shown"), [("（\\(x\\)）。", "（…）。"), ("\\(x\\), y", "…,")])
def test_punctuation_stays_with_its_formula(text: str, shown: str) -> None:
    """No line ends between a formula and the marks that touch it."""
    held = re.findall(r'<span class="arithmatex">(.*?)</span>', convert(text))
    assert [re.sub(r"<math>.*</math>", "…", one) for one in held] == [shown]
