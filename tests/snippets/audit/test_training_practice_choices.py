"""Checks of `snippets/audit/training_practice_choices.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "training_practice_choices.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_predicted(run: dict[str, Any]) -> None:
    """Of 512 tokens 511 have one before them, and 15 percent are 76.8."""
    text = np.arange(512)
    assert run["by_next"] == len(text[1:]) == 511
    assert abs(run["by_mask"] - 76.8) < 0.5


def test_places(run: dict[str, Any]) -> None:
    """BART and GPT-2 have 1,024 places each, as their configurations in transformers say."""
    assert run["places"] == {"BART": 1024, "GPT-2": 1024}


def test_languages(run: dict[str, Any]) -> None:
    """Multilingual BART has 610,851,840: more tokens, and two norms that BART lacks."""
    assert (run["bart"].total, run["mbart"].total) == (406_291_456, 610_851_840)
    assert run["more_vocabulary"] == (250_027 - 50_265) * 1024 == 204_556_288
    assert run["more"] - run["more_vocabulary"] == 2 * 2 * 1024


def test_half(run: dict[str, Any]) -> None:
    """497,759,232 bytes become 248,879,616."""
    assert (run["before"], run["after"]) == (497_759_232, 248_879_616)


def test_records_are_plain(run: dict[str, Any]) -> None:
    """Each record has four entries that JSON can hold, and an id of its own."""
    assert json.loads(json.dumps(run["claims"])) == run["claims"]
    assert all(set(claim) == {"id", "verdict", "typed", "true"} for claim in run["claims"])
    assert len(run["by_id"]) == len(run["claims"]) == 10
