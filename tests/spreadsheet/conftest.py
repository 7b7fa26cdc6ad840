"""The workbooks that the tests share, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from explainer.spreadsheet import Workbook, write_nanogpt, write_tiny
from explainer.spreadsheet.reference import decimals
from tests.spreadsheet import office
from tests.spreadsheet.models import model
from tests.spreadsheet.poisoned import Calculated, poison


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without LibreOffice leave its tests out; the summary says so."""
    mine = [item for item in items if item.path == office.FOLDER / "test_office.py"]
    if mine and office.find() is None:
        items[:] = [item for item in items if item not in mine]
        config.hook.pytest_deselected(items=mine)


@pytest.fixture(scope="session")
def params() -> Any:
    """The parameters of the trained model as the doubles that stand in the cells."""
    return decimals(model())


@pytest.fixture(scope="session")
def nanogpt(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The workbook of the trained model."""
    return write_nanogpt(tmp_path_factory.mktemp("nanogpt") / "nanogpt.xlsx", model())


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The workbook of the line and the network."""
    return write_tiny(tmp_path_factory.mktemp("tiny") / "tiny.xlsx")


@pytest.fixture(scope="session")
def poisoned(nanogpt: Workbook) -> Path:
    """A copy whose stored values are all wrong."""
    copy = nanogpt.path.with_name("poisoned.xlsx")
    assert poison(nanogpt.path, copy) == nanogpt.formulas
    return copy


@pytest.fixture(scope="module")
def calculated(poisoned: Path) -> Calculated:
    """The poisoned copy, calculated by IronCalc."""
    return Calculated(poisoned)
