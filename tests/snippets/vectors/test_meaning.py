"""Checks of `snippets/vectors/meaning.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "meaning.py"
REFERENCE = Path(__file__).parents[2] / "data" / "minilm_meaning.json"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_cosines_are_pytorchs(run: dict[str, Any]) -> None:
    """All pairs of all the page's sentences agree with stored figures of transformers."""
    import json

    stored = json.loads(REFERENCE.read_text(encoding="utf-8"))
    place = {text: index for index, text in enumerate(stored["sentences"])}
    wanted = np.array(stored["cosines"])
    rows = [place[text] for text in run["sentences"].values()]
    np.testing.assert_allclose(run["cosines"], wanted[np.ix_(rows, rows)], atol=2e-5)
    first, negated, paraphrase = (place[text] for text in run["negated"])
    assert run["opposite"] == pytest.approx(wanted[first, negated], abs=2e-5)
    assert run["paraphrase"] == pytest.approx(wanted[first, paraphrase], abs=2e-5)
    for row in run["rows"]:
        zh, en, first_zh = (place[t] for t in (row["text"], row["translation"], run["zh"][0]))
        assert row["to_translation"] == pytest.approx(wanted[zh, en], abs=2e-5)
        assert row["to_first"] == pytest.approx(wanted[zh, first_zh], abs=2e-5)


def test_partners_and_strangers_are_all_pairs(run: dict[str, Any]) -> None:
    """Four pairs of partners and all the others, 28 in all, each once."""
    upper = run["cosines"][np.triu_indices(8, k=1)]
    assert len(run["partners"]) == 4
    assert sorted([*run["partners"], *run["others"]]) == pytest.approx(sorted(upper), abs=1e-6)


def test_what_it_cannot_read(run: dict[str, Any]) -> None:
    """The model's own list of tokens lacks the characters that came out as unknown."""
    from explainer.models import path

    words = (path("minilm").parent / "vocab.txt").read_text(encoding="utf-8").splitlines()
    for row in run["rows"]:
        assert row["unknown"] == sum(character not in words for character in row["text"])
    assert run["ids"][0] == run["ids"][1]
