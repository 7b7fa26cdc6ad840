"""Checks of `explainer.spreadsheet.nanogpt`, calculated by IronCalc on poisoned copies."""

from __future__ import annotations

import itertools
import re
import zipfile
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from explainer.gpt import GPTConfig, apply_gpt, init_gpt
from explainer.parameters import count_parameters
from explainer.spreadsheet import Block, Workbook, write_nanogpt
from explainer.spreadsheet.reference import decimals
from explainer.spreadsheet.start import ANSWER, TYPED, VERDICT
from tests.spreadsheet import plain_gpt
from tests.spreadsheet.models import model
from tests.spreadsheet.poisoned import Calculated, poison

TOLERANCE = 1e-9
EVERY_SIX = ["".join(letters) for letters in itertools.product("ABC", repeat=6)]
PROMPTS = [*EVERY_SIX[5::41], "CBABBC", "B", "abcab"]
"""Twenty and one: of six letters, of one, of five small ones."""


def ids(text: str) -> list[int]:
    """Return the ids of letters."""
    return ["ABC".index(letter) for letter in text.upper()]


def letters(tokens: list[int]) -> str:
    """Return the letters of ids."""
    return "".join("ABC"[token] for token in tokens)


def test_every_intermediate_is_the_plain_loops(
    nanogpt: Workbook, calculated: Calculated, params: Any
) -> None:
    """Every vector, score and attention of one prompt is that of plain loops, to 1e-9."""
    calculated.type(TYPED, "BCCABA")
    _, steps = plain_gpt.run(params, ids("BCCABA"), 3)
    assert len(steps) == 1 + 3 * (10 + 2 * 3) + 3
    for name, lines in steps.items():
        found = calculated.numbers(nanogpt.blocks[name])
        found = found.T if name.endswith("turned") else found
        for row, line in zip(found, lines, strict=True):
            np.testing.assert_allclose(row[: len(line)], line, rtol=0, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_logits_and_continuation(
    prompt: str, nanogpt: Workbook, calculated: Calculated, params: Any
) -> None:
    """Typed letters give the logits of plain loops, to 1e-9, and are continued as by them."""
    calculated.type(TYPED, prompt)
    tokens, steps = plain_gpt.run(params, ids(prompt), 3)
    found = calculated.numbers(nanogpt.blocks["logits"])
    np.testing.assert_allclose(found, steps["logits"], rtol=0, atol=TOLERANCE)
    assert calculated.text(ANSWER) == letters(tokens[len(prompt) :])


def test_logits_are_those_of_jax(nanogpt: Workbook, calculated: Calculated) -> None:
    """JAX in float32 gives the same logits within what float32 rounds away."""
    calculated.type(TYPED, "CBABBC")
    tokens = calculated.read(nanogpt.blocks["tokens"])
    found = calculated.numbers(nanogpt.blocks["logits"])
    expected = apply_gpt(model(), np.array([int(row[0]) for row in tokens]), GPTConfig())
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_check_says_ok_then_nothing(calculated: Calculated) -> None:
    """The check against JAX holds for the built-in prompt and is silent for others."""
    calculated.type(TYPED, "CBABBC")
    assert calculated.text(VERDICT) == "OK"
    calculated.type(TYPED, "CBABBA")
    assert calculated.text(VERDICT) == "–"


def test_a_strange_letter_spoils_only_what_follows(
    nanogpt: Workbook, calculated: Calculated
) -> None:
    """A letter that the model lacks is #N/A from its position on; causality keeps the rest."""
    calculated.type(TYPED, "CBABBC")
    right = calculated.read(nanogpt.blocks["following"])
    calculated.type(TYPED, "CBADBC")
    found = calculated.read(nanogpt.blocks["following"])
    assert found[:3] == right[:3]
    assert found[3:] == [["#N/A"]] * (len(right) - 3)


def test_one_weight_is_noticed(nanogpt: Workbook, poisoned: Path) -> None:
    """One weight of 85,584, larger by 0.001, turns the check to DIFFERENT."""
    changed = Calculated(poisoned)
    weights = nanogpt.blocks["L2_up_weight"]
    one = Block(weights.sheet, weights.top + 7, weights.left + 11, 1, 1)
    changed.type(one, str(changed.text(one) + 0.001))
    assert changed.text(VERDICT) == "DIFFERENT"


def test_count_is_the_models(nanogpt: Workbook, calculated: Calculated) -> None:
    """The sheet's own count is the number of parameters of the tree, 85,584."""
    assert calculated.text(nanogpt.blocks["parameters"]) == count_parameters(model()) == 85_584


def test_every_parameter_stands_in_a_cell(
    nanogpt: Workbook, calculated: Calculated, params: Any
) -> None:
    """The cells of the parameters hold the shortest decimals of the model's float32 numbers."""
    blocks = nanogpt.blocks
    found = [
        calculated.numbers(block)
        for name, block in blocks.items()
        if name.endswith(("_weight", "_gain", "_bias"))
    ]
    leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(model())]
    every = np.sort(np.concatenate([values.ravel() for values in found]))
    expected = np.sort(np.concatenate([leaf.ravel() for leaf in leaves]))
    assert np.array_equal(every.astype(np.float32), expected)
    np.testing.assert_array_equal(
        calculated.numbers(blocks["L3_down_weight"]), params["blocks"]["down"]["weight"][2]
    )


def test_stored_values_are_right(nanogpt: Workbook) -> None:
    """A reader that does not calculate sees, in each formula's cell, what it comes to."""
    shown = Calculated(nanogpt.path)
    with zipfile.ZipFile(nanogpt.path) as file:
        for place, name in enumerate(nanogpt.sheets):
            text = file.read(f"xl/worksheets/sheet{place + 1}.xml").decode()
            cells = re.findall(r'<c r="([A-Z]+)(\d+)"[^>]*><f>[^<]*</f><v>([^<]*)</v></c>', text)
            assert cells or name.startswith("W_")
            for column, row, stored in cells:
                index = 0
                for letter in column:
                    index = 26 * index + ord(letter) - 64
                value = shown.model.get_cell_value(place, int(row), index)
                if isinstance(value, str):
                    assert stored == value, (name, column, row)
                else:
                    assert float(stored) == pytest.approx(value, rel=1e-10, abs=1e-12)


def test_other_sizes(tmp_path: Path) -> None:
    """Another number of layers, heads, letters and positions calculates as well."""
    config = GPTConfig(num_layers=1, num_heads=2, d_model=6, context_length=4, vocab_size=5)
    drawn = init_gpt(config, key=jax.random.key(3))
    params = jax.tree.map(lambda leaf: 10 * leaf + 0.1, drawn)
    book = write_nanogpt(tmp_path / "a.xlsx", params, config, prompt="ED", letters="ABCDE")
    assert poison(book.path, tmp_path / "b.xlsx") == book.formulas
    found = Calculated(tmp_path / "b.xlsx")
    _, steps = plain_gpt.run(decimals(params), [4, 3], 2)
    np.testing.assert_allclose(
        found.numbers(book.blocks["logits"]), steps["logits"], rtol=0, atol=TOLERANCE
    )
    assert found.text(VERDICT) == "OK"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prompt": ""}, r"`prompt` \(=''\) must be 1 to 11 letters"),
        ({"prompt": "A" * 12}, "must be 1 to 11 letters"),
        ({"prompt": "ABX"}, r"letters that are not in ABC: \['X'\]"),
        ({"letters": "AB", "prompt": "A"}, "must be 3 different letters"),
        ({"letters": "AAB", "prompt": "A"}, "must be 3 different letters"),
        ({"letters": "abc", "prompt": "a"}, "must be capital letters"),
    ],
)
def test_refusals(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    """What does not fit together is refused before a file is begun."""
    with pytest.raises(ValueError, match=message):
        write_nanogpt(tmp_path / "a.xlsx", model(), **change)
    assert not list(tmp_path.iterdir())


def test_unwritable_path(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        write_nanogpt(tmp_path / "nowhere" / "a.xlsx", model())
