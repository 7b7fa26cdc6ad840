"""Checks of `snippets/parameters/packed.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "packed.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_word(run: dict[str, Any]) -> None:
    """The word is the number that the eight codes write in base 16, last one first."""
    digits = "".join(f"{code:x}" for code in reversed(run["eight"]))
    assert run["word"] == int(digits, 16)


def test_layer_unpacks(run: dict[str, Any]) -> None:
    """Unpacking the words, one by one, gives the codes of the real layer back."""
    import numpy as np

    words = run["_words"].view(np.uint32)
    for row, column in ((0, 0), (3, 17), (71, 575)):
        expected = run["_codes"][column, 8 * row : 8 * row + 8]
        found = [int(words[row, column]) // 16**place % 16 for place in range(8)]
        assert found == expected.tolist()


def test_count(run: dict[str, Any]) -> None:
    """Packing leaves 576 × 576 parameters, in an eighth of the elements and the constants."""
    assert run["parameters"] == 576 * 576
    assert run["elements"] == 72 * 576 + 18 * 576 + 18 * 72
    assert run["bits"] == 4 + 16 / 32 + 4 / 32
