"""The sheets of the steps: embedding, attention, feed-forward network, output.

Each writes live formulas; the values beside them come from `reference`. A row is a position.
"""

from __future__ import annotations

from dataclasses import dataclass

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.book import Book
from explainer.spreadsheet.reference import EPSILON, Trace, Values
from explainer.spreadsheet.sheet import FIRST, Sheet


@dataclass(frozen=True)
class Plan:
    """What every step needs to know.

    Args:
        book: The workbook.
        trace: The built-in prompt and its values.
        letters: The vocabulary as a string.
        num_heads: Heads of each layer.
        typed: The cell where the reader types.
        vocabulary: The letters' cells, `[1 V]`.
        letter: The letter at each position, `[T 1]`.
        token: Its id, `[T 1]`.
        following: What the model expects after each position, `[T 1]`.
    """

    book: Book
    trace: Trace
    letters: str
    num_heads: int
    typed: Block
    vocabulary: Block
    letter: Block
    token: Block
    following: Block

    @property
    def text(self) -> str:
        """The letters at all positions."""
        return "".join(self.letters[token] for token in self.trace.tokens)

    def values(self, name: str) -> Values:
        """Return the values of an intermediate."""
        return self.trace.values[name]

    def parameters(self, name: str) -> Block:
        """Return where parameters stand."""
        return self.book.blocks[name]


def write_embedding(plan: Plan, sheet: Sheet) -> Block:
    """Write letters, ids and the sum of both embeddings; return where that is."""
    token, position = (
        plan.parameters(f"{kind}_embedding_weight") for kind in ("token", "position")
    )
    values = plan.values("embedding")
    height, width = values.shape
    note = "ƒ: row of the letter + row of the position · 字母那一行 + 位置那一行"
    sheet.section("Embedding · 嵌入", note, width=width)
    block = sheet.block(height, width)
    assert (plan.letter.top, plan.token.top) == (block.top, block.top)
    sheet.head(Block(sheet.name, block.top, 2, 1, 1), "id 编号")
    for row in range(height):
        at = block.top + row
        sheet.worksheet.write_number(at, 0, row + 1, plan.book.looks["label"])
        written = (
            f"IF(LEN({plan.typed.cell()})>={row + 1},UPPER(MID({plan.typed.cell()},{row + 1},1))"
        )
        own = '"?"' if row == 0 else plan.following.cell(row - 1)
        sheet.formula(at, 1, f"{written},{own})", plan.text[row], "letter")
        found = f"MATCH({plan.letter.cell(row)},{plan.vocabulary.area},0)-1"
        sheet.formula(at, 2, found, float(plan.trace.tokens[row]), "helper_whole")
    plan.book.blocks["letters"], plan.book.blocks["tokens"] = plan.letter, plan.token

    def add(row: int, column: int) -> str:
        # Inside SUM, as Excel would show an INDEX that stands alone as @INDEX.
        chosen = f"INDEX({token.column(column)},{plan.token.cell(row)}+1)"
        return f"SUM({chosen},{position.cell(row, column)})"

    sheet.compute("embedding", block, values, add, "vector")
    sheet.below(block)
    return block


def normalise(plan: Plan, sheet: Sheet, x: Block, name: str, parameters: str, title: str) -> Block:
    """Write a LayerNorm: mean and deviation beside the block; return the block."""
    note = "ƒ: (x − mean) / √(variance + ε) · γ + β; the variance divides by n · 方差除以 n"
    sheet.section(f"LayerNorm · 层归一化 ({title})", note, width=x.width)
    block = sheet.block(x.height, x.width)
    gain, bias = plan.parameters(f"{parameters}_gain"), plan.parameters(f"{parameters}_bias")
    mean, deviation = _beside(sheet, block, "mean 均值"), _beside(sheet, block, "√(v+ε)", 1)
    sheet.label_positions(block, plan.letter, plan.text)

    def spread(row: int, _: int) -> str:
        return f"SQRT(VARP({x.row(row)})+{EPSILON:.5f})"

    def scale(row: int, column: int) -> str:
        centred = f"({x.cell(row, column)}-{mean.cell(row)})/{deviation.cell(row)}"
        return f"{centred}*{gain.cell(0, column)}+{bias.cell(0, column)}"

    values = plan.values
    sheet.compute(
        f"{name}_mean", mean, values(f"{name}_mean"), lambda r, _: f"AVERAGE({x.row(r)})", "helper"
    )
    sheet.compute(f"{name}_deviation", deviation, values(f"{name}_deviation"), spread, "helper")
    sheet.compute(f"{name}_norm", block, values(f"{name}_norm"), scale, "vector")
    sheet.below(block)
    return block


def dense(
    plan: Plan,
    sheet: Sheet,
    x: Block,
    name: str,
    *,
    parameters: str,
    title: str,
    note: str,
    added: Block | None = None,
    turned: bool = False,
) -> Block:
    """Write a dense layer, row by row: a position's vector times an output's weights, plus bias.

    Args:
        plan: The plan.
        sheet: Where.
        x: The inputs, `[T D]`.
        name: That of the values.
        parameters: Those of the weight and bias, without `_weight` and `_bias`.
        title: Of the section.
        note: The formula in words.
        added: What is added to the outputs: the residual stream.
        turned: Whether positions are columns, so that a feature is a row.
    """
    weight, bias = plan.parameters(f"{parameters}_weight"), plan.parameters(f"{parameters}_bias")
    values = plan.values(name)
    sheet.section(title, note, width=values.shape[1])
    block = sheet.block(*values.shape)
    if turned:
        sheet.label_rows(block, [""] * len(values))
    else:
        sheet.label_positions(block, plan.letter, plan.text)

    def multiply(row: int, column: int) -> str:
        position, output = (column, row) if turned else (row, column)
        product = f"SUMPRODUCT({x.row(position)},{weight.row(output)})+{bias.cell(output)}"
        return product if added is None else f"{added.cell(row, column)}+{product}"

    sheet.compute(name, block, values, multiply, "vector")
    sheet.below(block)
    return block


def softmax(
    plan: Plan, sheet: Sheet, scores: Block, prefix: str, name: str, *, causal: bool
) -> Block:
    """Write the softmax of each row to the right of its scores; return the probabilities.

    Under the causal mask a row's ranges end at its own position: what comes later is not asked.
    """
    size, height = scores.width, scores.height

    def seen(row: int) -> int:
        return row + 1 if causal else size

    power = Block(sheet.name, scores.top, scores.left + size + 1, height, size)
    share = Block(sheet.name, scores.top, power.left + size + 1, height, size)
    top, total = _beside(sheet, scores, "max 最大"), _beside(sheet, scores, "Σ exp", 1)

    def raise_(row: int, column: int) -> str | None:
        inside = f"EXP({scores.cell(row, column)}-{top.cell(row)})"
        return inside if column < seen(row) else None

    def divide(row: int, column: int) -> str | None:
        inside = f"{power.cell(row, column)}/{total.cell(row)}"
        return inside if column < seen(row) else None

    values = {
        kind: plan.values(f"{prefix}{kind}") for kind in ("top", "exponential", "total", name)
    }
    sheet.compute(
        f"{prefix}top",
        top,
        values["top"],
        lambda r, _: f"MAX({scores.row(r, stop=seen(r))})",
        "helper",
    )
    sheet.compute(f"{prefix}exponential", power, values["exponential"], raise_, "helper")
    sheet.compute(
        f"{prefix}total",
        total,
        values["total"],
        lambda r, _: f"SUM({power.row(r, stop=seen(r))})",
        "helper",
    )
    return sheet.compute(f"{prefix}{name}", share, values[name], divide, "vector")


def _beside(sheet: Sheet, block: Block, title: str, place: int = 0) -> Block:
    """Return the block of one of the two helper columns before a block, with its header."""
    beside = Block(sheet.name, block.top, FIRST - 2 + place, block.height, 1)
    sheet.head(beside, title)
    return beside
