"""A network of 100, 500 and 10 units as a sheet, every parameter a cell to be counted."""

from __future__ import annotations

import numpy as np

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.sheet import Sheet, Values

WIDTHS = (100, 500, 10)
SEED = 0
BIAS, UNIT = 2, 3  # columns before the weights: the bias of a unit, and what it says


def write_network(sheet: Sheet) -> None:
    """Write inputs, both layers and the outputs; the weights are random."""
    x, weights, biases = parameters()
    d_in, d_hidden, d_out = WIDTHS
    hidden = np.maximum(weights[0] @ x + biases[0], 0)
    said = hidden @ weights[1] + biases[1]
    sheet.section("Input · 输入", f"{d_in} numbers to change · {d_in} 个数，可以改", width=d_in)
    inputs = sheet.block(1, d_in)
    sheet.constants("input", inputs, x[np.newaxis], "given_data")
    sheet.below(inputs)
    note = f"ƒ: all {d_hidden} units · a column of weights + bias · 所有单元 · 一列权重 + 偏置"
    sheet.section("Output · 输出", note)
    outputs = sheet.block(2, d_out)
    sheet.label_rows(outputs, ["y", "bias"])
    sheet.below(outputs)
    note = "ƒ: max(0, input · row of weights + bias); a row a unit · 一行是一个单元"
    sheet.section(f"Hidden layer: {d_hidden} units · 隐藏层", note, width=d_in)
    first = sheet.block(d_hidden, d_in)
    sheet.label_rows(first, [""] * d_hidden)
    sheet.constants("hidden_weight", first, weights[0], "parameter")
    bias, units = (Block(sheet.name, first.top, column, d_hidden, 1) for column in (BIAS, UNIT))
    sheet.head(bias, "bias 偏置")
    sheet.head(units, "unit 单元")
    sheet.constants("hidden_bias", bias, biases[0][:, np.newaxis], "bias")

    def unit(row: int, _: int) -> str:
        return f"MAX(0,SUMPRODUCT({inputs.area},{first.row(row)})+{bias.cell(row)})"

    sheet.compute("hidden", units, hidden[:, np.newaxis], unit, "vector")
    sheet.below(first)
    note = "a row a hidden unit, a column an output · 一行是一个隐藏单元，一列是一个输出"
    sheet.section("Weights of the output · 输出层的权重", note)
    second = sheet.block(d_hidden, d_out)
    sheet.label_rows(second, [""] * d_hidden)
    sheet.constants("output_weight", second, weights[1], "parameter")
    _write_outputs(sheet, outputs, units, second, biases[1], said)


def _write_outputs(
    sheet: Sheet, outputs: Block, units: Block, second: Block, bias: Values, said: Values
) -> None:
    """Write the outputs, near the top, and their biases below them."""
    above = Block(sheet.name, outputs.top, outputs.left, 1, outputs.width)
    below = Block(sheet.name, outputs.top + 1, outputs.left, 1, outputs.width)
    sheet.constants("output_bias", below, bias[np.newaxis], "bias")

    def answer(_: int, column: int) -> str:
        return f"SUMPRODUCT({units.area},{second.column(column)})+{below.cell(0, column)}"

    sheet.compute("output", above, said[np.newaxis], answer, "vector")


def parameters() -> tuple[Values, tuple[Values, Values], tuple[Values, Values]]:
    """Return the input, both weights and both biases, drawn once and rounded to three decimals.

    The second weight is `[d_hidden, d_out]`, as it stands on the sheet: a hidden unit is a row.
    """
    draw = np.random.default_rng(SEED)
    d_in, d_hidden, d_out = WIDTHS
    x = draw.uniform(0, 1, d_in)
    weights = (
        draw.normal(0, d_in**-0.5, (d_hidden, d_in)),
        draw.normal(0, d_hidden**-0.5, (d_hidden, d_out)),
    )
    biases = draw.normal(0, 0.1, d_hidden), draw.normal(0, 0.1, d_out)
    return (
        x.round(2),
        (weights[0].round(3), weights[1].round(3)),
        (biases[0].round(3), biases[1].round(3)),
    )
