"""Checks of `explainer.spreadsheet.tiny`, calculated by IronCalc on a poisoned copy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from explainer.spreadsheet import Block, Workbook
from tests.spreadsheet.poisoned import Calculated, poison


@pytest.fixture(scope="module")
def sheet(tiny: Workbook) -> Calculated:
    """The poisoned copy, calculated."""
    copy = tiny.path.with_name("poisoned.xlsx")
    assert poison(tiny.path, copy) == tiny.formulas
    return Calculated(copy)


def test_line_answers(tiny: Workbook, sheet: Calculated) -> None:
    """With a = b = 0.5 the line says 3 at x = 5, and follows its parameters when they change."""
    assert sheet.text(tiny.blocks["answer"]) == 3.0
    given = tiny.blocks["question"]
    sheet.type(Block(given.sheet, given.top, given.left, 1, 1), "2")
    sheet.type(Block(given.sheet, given.top, given.left + 1, 1, 1), "-1")
    assert sheet.text(tiny.blocks["answer"]) == 9.0


def test_descent(tiny: Workbook, sheet: Calculated) -> None:
    """Two hundred rows are those of exact fractions, to 1e-9, on their way to 2 and -1."""
    x, y, rate = (1, 2), (1, 3), Fraction(1, 10)
    a = b = Fraction(0)
    found = sheet.numbers(tiny.blocks["descent"])
    assert found.shape == (201, 7)
    for row in found:
        errors = [a * at + b - seen for at, seen in zip(x, y, strict=True)]
        loss = sum(error**2 for error in errors) / 2
        slope_a = sum(error * at for error, at in zip(errors, x, strict=True))
        slope_b = sum(errors)
        expected = [a, b, *errors, loss, slope_a, slope_b]
        np.testing.assert_allclose(row, [float(value) for value in expected], rtol=0, atol=1e-9)
        a, b = (Fraction(value).limit_denominator(10**40) for value in
                (a - rate * slope_a, b - rate * slope_b))  # fmt: skip
    assert found[-1, :2] == pytest.approx((1.947, -0.914), abs=5e-4)


def test_network(tiny: Workbook, sheet: Calculated) -> None:
    """Hidden units and outputs are those of a loop over the cells of the parameters."""
    read = {
        name: sheet.numbers(tiny.blocks[name])
        for name in ("input", "hidden_weight", "hidden_bias", "output_weight", "output_bias")
    }
    hidden = [
        max(0.0, sum(read["input"][0] * weights) + bias)
        for weights, (bias,) in zip(read["hidden_weight"], read["hidden_bias"], strict=True)
    ]
    outputs = [
        sum(unit * weight for unit, weight in zip(hidden, weights, strict=True)) + bias
        for weights, bias in zip(read["output_weight"].T, read["output_bias"][0], strict=True)
    ]
    np.testing.assert_allclose(sheet.numbers(tiny.blocks["hidden"])[:, 0], hidden, atol=1e-12)
    np.testing.assert_allclose(sheet.numbers(tiny.blocks["output"])[0], outputs, atol=1e-12)
    assert min(hidden) == 0 < max(hidden)


def test_count(tiny: Workbook, sheet: Calculated) -> None:
    """The sheet counts (100 + 1) · 500 + (500 + 1) · 10 = 55,510 parameters."""
    assert sheet.text(tiny.blocks["parameters"]) == 101 * 500 + 501 * 10 == 55_510
