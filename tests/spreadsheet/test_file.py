"""What both files promise as files: which functions, which references, no code, the same bytes."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from explainer.spreadsheet import FUNCTIONS, Workbook

_FORMULA = re.compile(r"<f>([^<]*)</f>")
_TEXT = re.compile(r'"[^"]*"')
_REFERENCE = re.compile(r"(?<![A-Za-z0-9_.$])\$?[A-Z]{1,3}\$?\d+(?![A-Za-z0-9_(!])")
_ABSOLUTE = re.compile(r"\$[A-Z]{1,3}\$\d+")


@pytest.fixture(scope="module", params=["nanogpt", "tiny"])
def book(request: pytest.FixtureRequest) -> Workbook:
    """Each workbook in turn."""
    made: Workbook = request.getfixturevalue(request.param)
    return made


def formulas(path: Path) -> list[str]:
    """Return all formulas of a workbook, without what stands in quotes."""
    with zipfile.ZipFile(path) as file:
        sheets = [name for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [file.read(name).decode() for name in sheets]
    escaped = [formula for text in texts for formula in _FORMULA.findall(text)]
    plain = [
        one.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">") for one in escaped
    ]
    return [_TEXT.sub('""', one.replace("&amp;", "&")) for one in plain]


def test_only_shared_functions(book: Workbook) -> None:
    """No function is used but those that Excel 2007, LibreOffice and Google Sheets share."""
    allowed = set(
        "IF LEN UPPER MID MATCH INDEX SUMPRODUCT SUM AVERAGE VARP SQRT EXP MAX TANH PI ABS "
        "ROWS COLUMNS".split()
    )
    assert set(FUNCTIONS) == allowed
    found = {name for one in formulas(book.path) for name in re.findall(r"([A-Z0-9_.]+)\(", one)}
    assert found and found <= allowed


def test_every_reference_is_absolute(book: Workbook) -> None:
    """Every reference is of the form $A$1: LibreOffice miscalculates a column of relative ones."""
    found = formulas(book.path)
    assert len(found) == book.formulas
    for one in found:
        references = _REFERENCE.findall(one)
        assert all(_ABSOLUTE.fullmatch(reference) for reference in references), one
    assert sum(len(_ABSOLUTE.findall(one)) for one in found) > len(found)


def test_relative_reference_would_be_seen() -> None:
    """The pattern of the test above finds relative and mixed references."""
    assert _REFERENCE.findall("SUM($C7:D$8)+W_L1!E9*EXP($A$1)") == ["$C7", "D$8", "E9", "$A$1"]


def test_formulas_are_written_whole(book: Workbook) -> None:
    """There is no array formula, no shared one, no formula of a later Excel."""
    with zipfile.ZipFile(book.path) as file:
        text = "".join(file.read(n).decode() for n in file.namelist() if n.endswith(".xml"))
    assert "_xlfn" not in text and "<f t=" not in text and "<f ca=" not in text


def test_no_code_and_no_other_file(book: Workbook) -> None:
    """There are no macros, no links to other files, and nothing to be fetched."""
    with zipfile.ZipFile(book.path) as file:
        names = file.namelist()
        relations = "".join(file.read(n).decode() for n in names if n.endswith(".rels"))
    assert not [n for n in names if re.search(r"vba|macro|external|connection|query", n, re.I)]
    assert 'TargetMode="External"' not in relations


def test_no_text_looks_like_a_formula(book: Workbook) -> None:
    """No text begins with a sign that a program might take for a formula."""
    with zipfile.ZipFile(book.path) as file:
        strings = re.findall(r"<t[^>]*>([^<]*)</t>", file.read("xl/sharedStrings.xml").decode())
    assert strings and not [one for one in strings if one.startswith(("=", "+", "@"))]


def test_programs_recalculate_on_loading(book: Workbook) -> None:
    """The file asks for a full calculation when it is opened."""
    with zipfile.ZipFile(book.path) as file:
        assert 'fullCalcOnLoad="1"' in file.read("xl/workbook.xml").decode()


_AGAIN = """
import sys
from explainer.spreadsheet import write_nanogpt, write_tiny
from tests.spreadsheet.models import model
write_nanogpt(sys.argv[1], model()), write_tiny(sys.argv[2])
"""


def test_same_bytes_again(nanogpt: Workbook, tiny: Workbook, tmp_path: Path) -> None:
    """Another process at a later time writes the same bytes, of the digest that was given."""
    paths = [tmp_path / "nanogpt.xlsx", tmp_path / "tiny.xlsx"]
    written = max(nanogpt.path.stat().st_mtime, tiny.path.stat().st_mtime)
    time.sleep(max(0.0, written + 2.1 - time.time()))  # ZIP counts in steps of two seconds
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", _AGAIN, *map(str, paths)], cwd=root, check=True)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    assert digests == [nanogpt.sha256, tiny.sha256]


def test_sizes(nanogpt: Workbook, tiny: Workbook) -> None:
    """The GPT takes less than 1.5 MB, the two first lessons less than 0.5 MB."""
    assert nanogpt.size_bytes == nanogpt.path.stat().st_size < 1_500_000
    assert tiny.size_bytes == tiny.path.stat().st_size < 500_000


def test_labels_are_in_both_languages(nanogpt: Workbook) -> None:
    """Both languages label each sheet, and names of sheets are plain letters for formulas."""
    with zipfile.ZipFile(nanogpt.path) as file:
        strings = re.findall(r"<t[^>]*>([^<]*)</t>", file.read("xl/sharedStrings.xml").decode())
    titles = [one for one in strings if " · " in one and re.search("[\u4e00-\u9fff]", one)]
    assert len(titles) > 30
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", name) for name in nanogpt.sheets)
