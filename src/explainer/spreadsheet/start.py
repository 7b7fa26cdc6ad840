"""The first sheet: what to type, what the model answers, whether it is right, and a map."""

from __future__ import annotations

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.sheet import Sheet
from explainer.spreadsheet.steps import Plan

TYPED = Block("Start", 3, 2, 1, 1)
ANSWER = Block("Start", 9, 2, 1, 1)
VERDICT = Block("Start", 11, 2, 1, 1)
LETTERS_ROW = 14
TOLERANCE = 1e-9
LEGEND = (
    ("parameter", "1.234", "a weight or gain, learned · 权重或增益，学来的"),
    ("bias", "1.234", "a bias, learned · 偏置，学来的"),
    ("vector", "1.234", "computed from your letters · 由你的字母算出来的"),
    ("helper", "1.234", "a step on the way: mean, sum, id · 途中的数：均值、和、编号"),
    ("masked", "–", "the future, which no formula asks · 后面的位置，公式不看"),
)
MAP = {
    "Embed": "letters become vectors · 字母变成向量",
    "attn": "where to look: Q, K, V, heads · 看哪里：Q、K、V 和各个头",
    "mlp": "what to make of it: up, GELU, down · 想一想：升维、GELU、降维",
    "Out": "logits, probabilities, next letter, check · logit、概率、下一个字母、核对",
    "W_embed": "parameters of the embeddings · 嵌入的参数",
    "W_L": "parameters of this layer · 这一层的参数",
    "W_out": "parameters of the last norm · 最后一个归一化的参数",
    "Count": "how many parameters, by formula · 参数有多少，用公式数",
}


def vocabulary(letters: str) -> Block:
    """Return where the letters stand that the model knows."""
    return Block("Start", 7, 2, 1, len(letters))


def write_start(
    plan: Plan, sheet: Sheet, *, worst: Block, total: Block, chances: Block, length: int
) -> None:
    """Write the sheet.

    Args:
        plan: The plan; the typed letters are those of its trace.
        sheet: Where.
        worst: The largest difference from JAX's logits.
        total: The number of parameters.
        chances: The probabilities after each position, `[T V]`.
        length: Letters of the task: so many are typed, so many come back.
    """
    work, book = sheet.worksheet, plan.book
    work.set_column(0, 0, 2)
    work.set_column(1, 1, 26)
    work.set_column(2, 40, 8)
    for row, height in ((0, 32), (3, 32), (9, 32)):
        work.set_row(row, height)
    sheet.text(0, 1, "A GPT you can see whole · 一个能看完的 GPT", "title")
    note = "parameters; every step a formula; no macros · 个参数；每一步都是公式；没有宏"
    sheet.formula(1, 1, total.cell(), float(_count(plan)), "count")
    sheet.text(1, 2, note, "note")
    _write_typing(plan, sheet, length)
    _write_answer(plan, sheet, worst)
    _write_letters(plan, sheet, chances)
    row = _write_legend(sheet, LETTERS_ROW + 8)
    _write_map(sheet, row + 1)
    book.define("input_text", TYPED)
    book.define("output_text", ANSWER)
    book.define("check_text", VERDICT)
    work.fit_to_pages(1, 1)
    work.activate()
    work.set_selection(TYPED.top, TYPED.left, TYPED.top, TYPED.left)


def _count(plan: Plan) -> int:
    blocks = plan.book.blocks
    return sum(
        block.height * block.width
        for name, block in blocks.items()
        if name.endswith(("_weight", "_gain", "_bias"))
    )


def _write_typing(plan: Plan, sheet: Sheet, length: int) -> None:
    """Write the cell to type in, and what is wrong with what stands there."""
    typed, context = TYPED.cell(), len(plan.trace.tokens)
    text = plan.text[: plan.trace.typed]
    sheet.text(3, 1, f"Type {length} letters · 输入 {length} 个字母", "strong")
    sheet.worksheet.merge_range(3, 2, 3, 8, text, plan.book.looks["prompt"])
    right = f"it sorts {length} letters: that is its task · 它的任务：给 {length} 个字母排序"
    other = f"it was trained to sort exactly {length} · 它只学过给 {length} 个字母排序"
    empty = f"type {', '.join(plan.letters)} · 请键入字母"
    formula = f'IF(LEN({typed})={length},"{right}",IF(LEN({typed})=0,"{empty}","{other}"))'
    sheet.formula(4, 2, formula, right if len(text) == length else other, "note")
    sheet.text(7, 1, "Letters it knows · 它认得的字母", "text")
    for place, letter in enumerate(plan.letters):
        sheet.text(7, 2 + place, letter, "helper_text")
    sheet.worksheet.data_validation(
        3, 2, 3, 2,
        {"validate": "length", "criteria": "between", "minimum": 1, "maximum": context,
         "error_title": "1–11", "error_message": f"1 to {context} letters · 1 到 {context} 个字母"},
    )  # fmt: skip


def _write_answer(plan: Plan, sheet: Sheet, worst: Block) -> None:
    """Write what the model appends, and whether the logits are JAX's."""
    context = len(plan.trace.tokens)
    everything = "&".join(plan.letter.cell(row) for row in range(context))
    formula = (
        f"MID({everything}&{plan.following.cell(context - 1)},LEN({TYPED.cell()})+1,{context})"
    )
    answer = "".join(plan.letters[token] for token in plan.trace.continuation)
    sheet.text(9, 1, "The model goes on · 模型接着写", "strong")
    look = plan.book.looks["answer"]
    sheet.worksheet.merge_range(9, 2, 9, 8, "", look)
    sheet.formula(9, 2, formula, answer, "answer")
    text = plan.text[: plan.trace.typed]
    close = f'IF({worst.cell()}<{TOLERANCE:.9f},"OK","DIFFERENT")'
    sheet.text(11, 1, "Same logits as JAX? · 与 JAX 一致？", "text")
    verdict = f'IF(UPPER({TYPED.cell()})="{text}",{close},"–")'
    sheet.formula(11, 2, verdict, "OK", "verdict")
    sheet.text(11, 3, f"compared for {text} only · 只核对 {text}", "note")
    for value, name in (("OK", "good"), ("DIFFERENT", "bad")):
        rule = {"type": "cell", "criteria": "==", "value": f'"{value}"'}
        sheet.worksheet.conditional_format(11, 2, 11, 2, rule | {"format": plan.book.looks[name]})


def _write_letters(plan: Plan, sheet: Sheet, chances: Block) -> None:
    """Write the letters at all positions and the probability of what follows each."""
    labels = (
        "Position · 位置",
        "Letter · 字母",
        "Next letter · 下一个字母",
        "Its probability · 它的概率",
    )
    for offset, label in enumerate(labels):
        sheet.text(LETTERS_ROW + offset, 1, label, "text")
    probability = plan.values("probability")
    for place, chosen in enumerate(plan.trace.following):
        column = 2 + place
        sheet.worksheet.write_number(LETTERS_ROW, column, place + 1, plan.book.looks["header"])
        letter = plan.letter.cell(place), plan.text[place]
        sheet.formula(LETTERS_ROW + 1, column, *letter, "letter")
        following = plan.following.cell(place), plan.letters[chosen]
        sheet.formula(LETTERS_ROW + 2, column, *following, "vector_text")
        largest = f"MAX({chances.row(place)})", float(probability[place].max())
        sheet.formula(LETTERS_ROW + 3, column, *largest, "vector_percent")
    note = (
        "Beyond what you typed, each letter is the next letter of the column before it: "
        "one recalculation writes them all."
    )
    sheet.text(LETTERS_ROW + 4, 1, note, "note")
    chinese = "超出你键入的部分，每个字母都是前一列的“下一个字母”：重算一次，就全部写完。"
    sheet.text(LETTERS_ROW + 5, 1, chinese, "note")


def _write_legend(sheet: Sheet, row: int) -> int:
    """Write the colours and what each means; return the row after."""
    sheet.text(row - 1, 1, "Colours · 颜色", "strong")
    for offset, (role, example, meaning) in enumerate(LEGEND):
        sheet.text(row + offset, 1, example, f"{role}_text")
        sheet.text(row + offset, 2, meaning, "text")
    return row + len(LEGEND)


def _write_map(sheet: Sheet, row: int) -> None:
    """Write a link to every sheet, with what it holds."""
    sheet.text(row, 1, "Sheets · 各张表", "strong")
    for offset, name in enumerate(sheet.book.sheets[1:], 1):
        look = sheet.book.looks["link"]
        sheet.worksheet.write_url(row + offset, 1, f"internal:{name}!A1", look, name)
        meaning = next(text for key, text in MAP.items() if key in name)
        sheet.text(row + offset, 2, meaning, "text")
