"""Checks of `snippets/quantization/smollm2_ladder.py`, at four bits and with shorter texts.

The whole ladder takes minutes and runs once, when the site is built; the page's guards hold its
figures. Here the same source climbs one rung, on all hundred facts and 2 x 200 tokens.
"""

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SNIPPET = ROOT / "snippets" / "quantization" / "smollm2_ladder.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the shortened snippet once for all checks."""
    source = SNIPPET.read_text()
    for whole, short in (
        ("widths = [8, 6, 5, 4, 3, 2]", "widths = [4]"),
        ("prepare_exam(_model.tokenizer)", "prepare_exam(_model.tokenizer, max_tokens=200)"),
    ):
        assert source.count(whole) == 1
        source = source.replace(whole, short)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, str(SNIPPET), "exec"), namespace)
    return namespace


@pytest.fixture(scope="module")
def stored() -> Any:
    """Return what an earlier, independent program found for the same facts and quantizer."""
    return json.loads((ROOT / "tests/data/cloze.json").read_text())


def test_facts_are_those_of_another_program(run: dict[str, Any], stored: Any) -> None:
    """Of 100 facts 82 are known as loaded and 76 at four bits; 11 are lost and 5 won."""
    counts = stored["meta"]["all100"]
    assert run["known"] == [counts["base"], counts["sym g32 b4"]]
    row = run["by_bits"][4]
    assert (row["facts_lost"], row["facts_won"]) == (11, 5)
    assert row["facts_p"] == pytest.approx(0.2101, abs=1e-4)


def test_probabilities_are_those_of_another_program(run: dict[str, Any], stored: Any) -> None:
    """Where that program kept probabilities, ours are the same but for ties in rounding."""
    whole, coarse = run["_rungs"]
    for number, prompt in enumerate(stored["prompts"]):
        assert whole.right[number] == prompt["baseline_correct"]
        if prompt["baseline_p"] is not None:
            assert whole.probability[number] == pytest.approx(prompt["baseline_p"], abs=1e-3)
        if prompt["p_at"]:
            assert coarse.probability[number] == pytest.approx(prompt["p_at"]["4"], abs=5e-3)


def test_damage_shows_in_the_texts(run: dict[str, Any]) -> None:
    """At four bits the texts are predicted clearly worse: KL near 0.4, as on other texts."""
    row = run["by_bits"][4]
    assert 0.25 < row["divergence_interval"][0] < row["divergence_interval"][1] < 0.5
    assert row["perplexity_ratio_interval"][0] > 1.1
    assert row["bits_per_weight"] == 4.5
    assert not row["passes"]
