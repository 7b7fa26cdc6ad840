"""Checks of `snippets/parameters/distills.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "distills.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_six(run: dict[str, Any]) -> None:
    """The six students have the totals of their published files."""
    assert [row["total"] for row in run["rows"]] == [
        1_777_088_000,
        7_615_616_512,
        8_030_261_248,
        14_770_033_664,
        32_763_876_352,
        70_553_706_496,
    ]
    assert run["rows"][1]["times"] == pytest.approx(671_026_404_352 / 7_615_616_512)
    assert run["rows"][5]["times_active"] == pytest.approx(37_552_282_624 / 70_553_706_496)


def test_untied(run: dict[str, Any]) -> None:
    """The smallest student adds one table of 151,936 rows of 1,536."""
    assert run["extra"] == 151_936 * 1_536
