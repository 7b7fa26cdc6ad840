"""The sheets of the parameters: a row for each output, so that every product is row by row."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.sheet import Sheet

Tree = dict[str, Any]
BIAS_COLUMN = 2


def write_embeddings(sheet: Sheet, params: Tree, letters: str) -> None:
    """Write the token and the position embedding."""
    token, position = params["token_embedding"], params["position_embedding"]
    note = "a row a letter; its numbers are learned · 一个字母一行，数是学来的"
    _matrix(sheet, "token_embedding", "Token embedding · 词元嵌入", note, token, list(letters))
    note = "a row a position; its numbers are learned · 一个位置一行，数是学来的"
    names = [""] * len(position)
    _matrix(sheet, "position_embedding", "Position embedding · 位置嵌入", note, position, names)


def write_layer(sheet: Sheet, params: Tree, layer: int) -> None:
    """Write all parameters of one layer."""
    blocks, prefix = params["blocks"], f"L{layer + 1}_"
    note = "a row an output, a column an input · 一行是一个输出，一列是一个输入"
    _norm(sheet, f"{prefix}ln_attention", blocks["ln_attention"], layer, "LayerNorm 1 · 层归一化 1")
    for place, title in enumerate(("query W_Q · 查询", "key W_K · 键", "value W_V · 值")):
        width = blocks["qkv"]["weight"].shape[2]
        rows = slice(place * width, (place + 1) * width)
        weight, bias = blocks["qkv"]["weight"][layer, rows], blocks["qkv"]["bias"][layer, rows]
        _dense(sheet, f"{prefix}{'qkv'[place]}", title, note, weight, bias)
    for name, title in (("projection", "projection W_O · 投影"),):
        weight, bias = blocks[name]["weight"][layer], blocks[name]["bias"][layer]
        _dense(sheet, f"{prefix}{name}", title, note, weight, bias)
    _norm(sheet, f"{prefix}ln_mlp", blocks["ln_mlp"], layer, "LayerNorm 2 · 层归一化 2")
    for name, title in (("up", "up · 升维"), ("down", "down · 降维")):
        weight, bias = blocks[name]["weight"][layer], blocks[name]["bias"][layer]
        _dense(sheet, f"{prefix}{name}", title, note, weight, bias)


def write_final(sheet: Sheet, params: Tree) -> None:
    """Write the last norm; the head has no parameters of its own."""
    _norm(sheet, "ln_final", params["ln_final"], None, "Last LayerNorm · 最后的层归一化")
    note = "none of its own: logits use the rows of the token embedding, on W_embed"
    sheet.section("Head · 输出头", f"{note} · 没有自己的参数，用的是词元嵌入的那几行")


def _matrix(
    sheet: Sheet, name: str, title: str, note: str, weight: Any, labels: list[str]
) -> Block:
    sheet.section(title, note, width=weight.shape[1])
    block = sheet.block(*weight.shape)
    sheet.label_rows(block, labels)
    sheet.constants(f"{name}_weight", block, weight, "parameter")
    sheet.below(block)
    return block


def _dense(sheet: Sheet, name: str, title: str, note: str, weight: Any, bias: Any) -> None:
    block = _matrix(sheet, name, title, note, weight, [""] * len(weight))
    beside = Block(sheet.name, block.top, BIAS_COLUMN, len(bias), 1)
    sheet.head(beside, "bias 偏置")
    sheet.constants(f"{name}_bias", beside, bias[:, np.newaxis], "bias")


def _norm(sheet: Sheet, name: str, norm: Tree, layer: int | None, title: str) -> None:
    gain, bias = (norm[kind] if layer is None else norm[kind][layer] for kind in ("gain", "bias"))
    sheet.section(
        title, "row 1: gain γ; row 2: bias β · 第一行增益 γ，第二行偏置 β", width=len(gain)
    )
    block = sheet.block(2, len(gain))
    sheet.label_rows(block, ["γ", "β"])
    above = Block(sheet.name, block.top, block.left, 1, block.width)
    below = Block(sheet.name, block.top + 1, block.left, 1, block.width)
    sheet.constants(f"{name}_gain", above, gain[np.newaxis], "parameter")
    sheet.constants(f"{name}_bias", below, bias[np.newaxis], "bias")
    sheet.below(block)
