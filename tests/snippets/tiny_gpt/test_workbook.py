"""Checks of `snippets/tiny_gpt/workbook.py`."""

import hashlib
import runpy
import zipfile
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "workbook.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the snippet writes."""
    return tmp_path_factory.mktemp("workbook")


@pytest.fixture(scope="module")
def run(folder: Path) -> dict[str, Any]:
    """Run the snippet once for all checks, in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return runpy.run_path(str(SNIPPET))


def test_download_is_the_file(run: dict[str, Any], folder: Path) -> None:
    """What readers take home is the file that was written, of the digest that is shown."""
    content = run["downloads"]["nanogpt.xlsx"].tobytes()
    assert content == (folder / "nanogpt.xlsx").read_bytes()
    assert hashlib.sha256(content).hexdigest() == run["book"].sha256
    assert len(content) == run["book"].size_bytes < 1_500_000


def test_parameters_and_formulas(run: dict[str, Any], folder: Path) -> None:
    """IronCalc finds as many parameters by the sheet's own formulas, and as many formulas."""
    import ironcalc

    model = ironcalc.load_from_xlsx(str(folder / "nanogpt.xlsx"), "en", "UTC", "en")
    model.evaluate()
    total = run["book"].blocks["parameters"]
    counted = model.get_cell_value(len(run["rows"]) - 1, total.top + 1, total.left + 1)
    assert counted == run["parameters"] == 85_584
    assert sum(row["formulas"] for row in run["rows"]) == run["book"].formulas
    cells = (model.get_cell_formula(0, row, column) for row in range(1, 60) for column in range(20))
    assert sum(cell is not None for cell in cells) == run["rows"][0]["formulas"]


def test_shown_formulas_are_those_of_the_cells(run: dict[str, Any], folder: Path) -> None:
    """The printed formulas are what IronCalc reads in those cells."""
    import ironcalc

    model = ironcalc.load_from_xlsx(str(folder / "nanogpt.xlsx"), "en", "UTC", "en")
    assert len(run["shown"]) == 5
    for name, shown in run["shown"].items():
        block = run["book"].blocks[name]
        sheet = run["book"].sheets.index(block.sheet)
        assert model.get_cell_formula(sheet, block.top + 4, block.left + 1) == f"={shown}"


def test_no_macros(run: dict[str, Any], folder: Path) -> None:
    """The file has no part for macros."""
    with zipfile.ZipFile(folder / "nanogpt.xlsx") as file:
        assert len(file.namelist()) == run["parts"]
        assert "xl/vbaProject.bin" not in file.namelist()
    assert run["macros"] == 0
