"""The workbooks in LibreOffice, where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from explainer.spreadsheet import Workbook
from explainer.spreadsheet.start import ANSWER, TYPED, VERDICT
from tests.spreadsheet import office, plain_gpt
from tests.spreadsheet.poisoned import poison
from tests.spreadsheet.test_nanogpt import PROMPTS, ids, letters


def test_nanogpt(nanogpt: Workbook, poisoned: Path, params: Any, tmp_path: Path) -> None:
    """LibreOffice has the logits of plain loops to 1e-9 and continues letters as they do."""
    logits = nanogpt.blocks["logits"].area
    wanted = [logits, ANSWER.cell(), VERDICT.cell()]
    answers = office.calculate(poisoned, TYPED.cell(), [None, *PROMPTS], wanted, tmp_path)
    assert answers[0][VERDICT.cell()] == [["OK"]]
    for prompt, answer in zip(["CBABBC", *PROMPTS], answers, strict=True):
        tokens, steps = plain_gpt.run(params, ids(prompt), 3)
        np.testing.assert_allclose(answer[logits], steps["logits"], rtol=0, atol=1e-9)
        assert answer[ANSWER.cell()] == [[letters(tokens[len(prompt) :])]]


def test_tiny(tiny: Workbook, tmp_path: Path) -> None:
    """LibreOffice counts 55,510 parameters and ends the descent near 2 and -1."""
    copy = tmp_path / "poisoned.xlsx"
    poison(tiny.path, copy)
    count, descent = tiny.blocks["parameters"].cell(), tiny.blocks["descent"].row(200, stop=2)
    (answer,) = office.calculate(copy, "", [None], [count, descent], tmp_path)
    assert answer[count] == [[55_510.0]]
    np.testing.assert_allclose(answer[descent], [[1.947, -0.914]], atol=5e-4)
