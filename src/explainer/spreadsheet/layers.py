"""The sheets of a layer, attention and feed-forward network, and that of the output."""

from __future__ import annotations

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.sheet import Sheet, Values
from explainer.spreadsheet.steps import Plan, dense, normalise, softmax


def write_attention(plan: Plan, sheet: Sheet, x: Block, layer: int) -> Block:
    """Write the attention of a layer; return the residual stream after it."""
    prefix = f"L{layer + 1}_"
    normed = normalise(
        plan,
        sheet,
        x,
        f"{prefix}attention",
        f"{prefix}ln_attention",
        "before attention · 注意力之前",
    )
    product = "ƒ: row of x · row of W + bias · x 的一行 · W 的一行 + 偏置"
    q, k = (
        dense(plan, sheet, normed, f"{prefix}{letter}", parameters=f"{prefix}{letter}",
              title=title, note=product)
        for letter, title in (("q", "query · 查询 Q"), ("k", "key · 键 K"))
    )  # fmt: skip
    v = dense(
        plan,
        sheet,
        normed,
        f"{prefix}v_turned",
        parameters=f"{prefix}v",
        title="value · 值 V",
        note=f"{product}; turned: a column is a position · 转过来放，一列是一个位置",
        turned=True,
    )
    attentions = [_write_head(plan, sheet, q, k, layer, head) for head in range(plan.num_heads)]
    mix = _write_mix(plan, sheet, attentions, v, f"{prefix}mix")
    return dense(
        plan,
        sheet,
        mix,
        f"{prefix}middle",
        parameters=f"{prefix}projection",
        title="projection, added to x · 投影，加回 x",
        note="ƒ: x + row of the mix · row of W_O + bias · x + 混合的一行 · W_O 的一行 + 偏置",
        added=x,
    )


def _write_head(plan: Plan, sheet: Sheet, q: Block, k: Block, layer: int, head: int) -> Block:
    """Write scores and attention of a head; return the attention."""
    prefix = f"L{layer + 1}_H{head + 1}_"
    d_head = q.width // plan.num_heads
    start, stop = head * d_head, (head + 1) * d_head
    note = (
        f"ƒ: score = q · k / √{d_head} | e^(score − max) | divided by their sum = attention; "
        "– is the future · – 是后面的位置，不看"
    )
    size = q.height
    sheet.section(f"Head {head + 1} · 第 {head + 1} 个头", note, width=3 * size + 2)
    scores = sheet.block(size, size, number=False)
    sheet.label_positions(scores, plan.letter, plan.text)

    def score(row: int, column: int) -> str | None:
        if column > row:
            return None
        queries, keys = q.row(row, start=start, stop=stop), k.row(column, start=start, stop=stop)
        return f"SUMPRODUCT({queries},{keys})/SQRT({d_head})"

    sheet.compute(f"{prefix}score", scores, plan.values(f"{prefix}score"), score, "vector")
    attention = softmax(plan, sheet, scores, prefix, "attention", causal=True)
    for left in (scores.left, scores.left + size + 1, attention.left):
        for position, letter in enumerate(plan.text):
            above = scores.top - 1, left + position
            sheet.formula(*above, plan.letter.cell(position), letter, "letter")
    _heat(sheet, attention)
    sheet.below(scores)
    return attention


def _heat(sheet: Sheet, block: Block) -> None:
    """Colour numbers from 0 to 1, white to the colour of vectors."""
    area = (block.top, block.left, block.top + block.height - 1, block.left + block.width - 1)
    scale = {"type": "2_color_scale", "min_type": "num", "max_type": "num", "min_value": 0}
    colours = {"max_value": 1, "min_color": "#FFFFFF", "max_color": "#7CC4BE"}
    sheet.worksheet.conditional_format(*area, scale | colours)


def _write_mix(plan: Plan, sheet: Sheet, attentions: list[Block], v: Block, name: str) -> Block:
    note = (
        "ƒ: attention of a head · its rows of V, summed up to here · 注意力 · V，加到当前位置为止"
    )
    values = plan.values(name)
    sheet.section("mix of the values · 值的混合", note, width=values.shape[1])
    block = sheet.block(*values.shape)
    sheet.label_positions(block, plan.letter, plan.text)
    d_head = block.width // plan.num_heads

    def mix(row: int, column: int) -> str:
        seen = attentions[column // d_head].row(row, stop=row + 1)
        return f"SUMPRODUCT({seen},{v.row(column, stop=row + 1)})"

    sheet.compute(name, block, values, mix, "vector")
    sheet.below(block)
    return block


def write_feed_forward(plan: Plan, sheet: Sheet, x: Block, layer: int) -> Block:
    """Write the feed-forward network of a layer; return the residual stream after it."""
    prefix = f"L{layer + 1}_"
    normed = normalise(
        plan, sheet, x, f"{prefix}mlp", f"{prefix}ln_mlp", "before the network · 前馈网络之前"
    )
    up = dense(
        plan,
        sheet,
        normed,
        f"{prefix}up",
        parameters=f"{prefix}up",
        title="up · 升维",
        note="ƒ: row of x · row of W + bias · x 的一行 · W 的一行 + 偏置",
    )
    values = plan.values(f"{prefix}gelu")
    note = "ƒ: ½ u (1 + tanh(√(2/π) (u + 0.044715 u³)))"
    sheet.section("GELU", note, width=values.shape[1])
    bent = sheet.block(*values.shape)
    sheet.label_positions(bent, plan.letter, plan.text)

    def bend(row: int, column: int) -> str:
        u = up.cell(row, column)
        return f"0.5*{u}*(1+TANH(SQRT(2/PI())*({u}+0.044715*{u}^3)))"

    sheet.compute(f"{prefix}gelu", bent, values, bend, "vector")
    sheet.below(bent)
    return dense(
        plan,
        sheet,
        bent,
        f"{prefix}out",
        parameters=f"{prefix}down",
        title="down, added to x · 降维，加回 x",
        note="ƒ: x + row of GELU · row of W + bias · x + GELU 的一行 · W 的一行 + 偏置",
        added=x,
    )


def write_output(plan: Plan, sheet: Sheet, x: Block, expected: Values) -> Block:
    """Write logits, probabilities and the letters that follow; return the largest difference.

    Args:
        plan: The plan; its `following` stands on this sheet.
        sheet: Where.
        x: The residual stream after the last layer.
        expected: The logits of the built-in prompt by JAX, `[T V]`.
    """
    normed = normalise(plan, sheet, x, "final", "ln_final", "after the last layer · 最后一层之后")
    token = plan.parameters("token_embedding_weight")
    height, width = expected.shape
    note = (
        "ƒ: row of x · row of a letter's embedding | softmax | the letter of the largest · 最大者"
    )
    sheet.section("logits, probabilities, next letter · logit、概率、下一个字母", note)
    logits = sheet.block(height, width, number=False)
    sheet.label_positions(logits, plan.letter, plan.text)

    def score(row: int, column: int) -> str:
        return f"SUMPRODUCT({normed.row(row)},{token.row(column)})"

    sheet.compute("logits", logits, plan.values("logits"), score, "vector")
    chances = softmax(plan, sheet, logits, "", "probability", causal=False)
    for left in (logits.left, logits.left + width + 1, chances.left):
        for place, letter in enumerate(plan.letters):
            sheet.text(logits.top - 1, left + place, letter, "letter")
    following = plan.following
    assert (following.top, following.left) == (logits.top, chances.left + width + 1)
    sheet.head(following, "next 下一个")
    known = "&".join(plan.vocabulary.cell(0, place) for place in range(width))
    for row, chosen in enumerate(plan.trace.following):
        largest = f"MATCH(MAX({logits.row(row)}),{logits.row(row)},0)"
        formula = f"MID({known},{largest},1)"
        at = following.top + row, following.left
        sheet.formula(*at, formula, plan.letters[chosen], "vector_text")
    plan.book.blocks["following"] = following
    sheet.below(logits)
    return _write_check(plan, sheet, logits, expected)


def _write_check(plan: Plan, sheet: Sheet, logits: Block, expected: Values) -> Block:
    """Write JAX's logits and how far the formulas are from them."""
    note = "stored numbers from JAX | ƒ: distance of the logits above · JAX 存下的数 | 与上面的差"
    sheet.section("check against JAX · 与 JAX 核对", note)
    stored = sheet.block(*expected.shape, number=False)
    apart = Block(sheet.name, stored.top, stored.left + stored.width + 1, *expected.shape)
    sheet.constants("expected", stored, expected, "helper")
    distance = abs(plan.values("logits") - expected)
    sheet.compute(
        "distance",
        apart,
        distance,
        lambda r, c: f"ABS({logits.cell(r, c)}-{stored.cell(r, c)})",
        "helper",
    )
    worst = Block(sheet.name, stored.top, apart.left + apart.width + 1, 1, 1)
    sheet.head(worst, "largest 最大")
    sheet.formula(worst.top, worst.left, f"MAX({apart.area})", distance.max(), "helper_text")
    sheet.below(stored)
    return worst
