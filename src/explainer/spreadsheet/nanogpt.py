"""The tiny GPT as a workbook: type letters, and it goes on, in formulas alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from explainer.gpt import GPTConfig, apply_gpt
from explainer.spreadsheet import start
from explainer.spreadsheet.blocks import Block
from explainer.spreadsheet.book import Book, Workbook
from explainer.spreadsheet.count import write_count
from explainer.spreadsheet.layers import write_attention, write_feed_forward, write_output
from explainer.spreadsheet.look import INK, ROLES
from explainer.spreadsheet.reference import Trace, Tree, Values, continue_prompt, decimals
from explainer.spreadsheet.sheet import FIRST, Sheet
from explainer.spreadsheet.steps import Plan, write_embedding
from explainer.spreadsheet.weights import write_embeddings, write_final, write_layer

INDIGO, TEAL = ROLES["parameter"][0], ROLES["vector"][0]


def write_nanogpt(
    path: str | Path,
    params: Mapping[str, Any],
    config: GPTConfig | None = None,
    *,
    prompt: str = "CBABBC",
    letters: str = "ABC",
) -> Workbook:
    """Write a GPT as a workbook of live formulas.

    Letters typed on the first sheet are continued until the context is full, in one recalculation:
    a position refers to itself and to earlier ones only, and the letter at a position that nobody
    typed is the one that the position before finds most probable. There are no macros, no array
    formulas, no volatile functions; every reference is absolute.

    Beside each formula stands its value for `prompt`, so that readers which do not calculate show
    the right one. The logits that JAX gives, in double precision and with the same decimals, are
    stored, and the first sheet says whether the formulas agree with them.

    Args:
        path: Where to; an existing file is replaced.
        params: Parameters as of `explainer.gpt.init_gpt`.
        config: Their sizes; those of the model that sorts if None.
        prompt: What is typed in the file, 1 letter to the whole context.
        letters: The vocabulary, a capital letter a token.

    Returns:
        What was written. `Workbook.blocks` says where each parameter and intermediate stands.

    Raises:
        ValueError: If prompt, letters and sizes do not fit together.
        OSError: If the file cannot be written.

    Examples:
        >>> import jax, tempfile
        >>> from explainer.gpt import GPTConfig, init_gpt
        >>> config = GPTConfig(num_layers=1, num_heads=2, d_model=4, context_length=3)
        >>> params = init_gpt(config, key=jax.random.key(0))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     written = write_nanogpt(f"{folder}/a.xlsx", params, config, prompt="CB")
        >>> written.sheets
        ('Start', 'Embed', 'L1_attn', 'L1_mlp', 'Out', 'W_embed', 'W_L1', 'W_out', 'Count')
    """
    config = GPTConfig() if config is None else config
    _check(config, prompt, letters)
    exact = decimals(params)
    tokens = [letters.index(letter) for letter in prompt]
    trace = continue_prompt(exact, tokens, num_heads=config.num_heads)
    book = Book(path, title="A GPT you can see whole · 一个能看完的 GPT")
    sheets = _sheets(book, config.num_layers)
    _write_parameters(book, sheets, exact, letters, config.num_layers)
    plan = _plan(book, trace, letters, config)
    x = write_embedding(plan, sheets["Embed"])
    for layer in range(config.num_layers):
        x = write_attention(plan, sheets[f"L{layer + 1}_attn"], x, layer)
        x = write_feed_forward(plan, sheets[f"L{layer + 1}_mlp"], x, layer)
    worst = write_output(plan, sheets["Out"], x, jax_logits(exact, trace, config))
    total = write_count(sheets["Count"], _parameters(book))
    start.write_start(
        plan,
        sheets["Start"],
        worst=worst,
        total=total,
        chances=book.blocks["probability"],
        length=(config.context_length + 1) // 2,
    )
    return book.close()


def jax_logits(exact: Tree, trace: Trace, config: GPTConfig) -> Values:
    """Return the logits that JAX computes in double precision, `[T V]`.

    Args:
        exact: The parameters in float64.
        trace: Whose tokens are read.
        config: Sizes.
    """
    with jax.enable_x64(True):
        doubles = jax.tree.map(jnp.asarray, exact)
        return np.asarray(apply_gpt(doubles, np.array(trace.tokens), config))


def _check(config: GPTConfig, prompt: str, letters: str) -> None:
    """Refuse what does not fit together, before a file is begun."""
    if len(letters) != config.vocab_size or len(set(letters)) != len(letters):
        raise ValueError(
            f"`letters` (={letters!r}) must be {config.vocab_size} different letters, "
            "as many as `vocab_size`"
        )
    if not letters.isupper() or not letters.isalpha():
        raise ValueError(f"`letters` (={letters!r}) must be capital letters")
    if not 1 <= len(prompt) <= config.context_length:
        raise ValueError(
            f"`prompt` (={prompt!r}) must be 1 to {config.context_length} letters, "
            "the length of the context"
        )
    if unknown := sorted(set(prompt) - set(letters)):
        raise ValueError(f"`prompt` (={prompt!r}) has letters that are not in {letters}: {unknown}")


def _sheets(book: Book, num_layers: int) -> dict[str, Sheet]:
    """Make all sheets in the order of reading: steps first, parameters after them."""
    titles = {"Start": ("", INK), "Embed": ("Embedding · 嵌入", TEAL)}
    for layer in range(1, num_layers + 1):
        titles[f"L{layer}_attn"] = (f"Layer {layer}: attention · 第 {layer} 层：注意力", TEAL)
        title = f"Layer {layer}: feed-forward network · 第 {layer} 层：前馈网络"
        titles[f"L{layer}_mlp"] = (title, TEAL)
    titles["Out"] = ("Output · 输出", TEAL)
    titles["W_embed"] = ("Parameters of the embeddings · 嵌入的参数", INDIGO)
    for layer in range(1, num_layers + 1):
        titles[f"W_L{layer}"] = (f"Parameters of layer {layer} · 第 {layer} 层的参数", INDIGO)
    titles["W_out"] = ("Parameters of the output · 输出部分的参数", INDIGO)
    titles["Count"] = ("How many parameters? · 参数有多少？", INK)
    made = {name: book.sheet(name, title, color=color) for name, (title, color) in titles.items()}
    for name, (_, color) in titles.items():
        made[name].bar = {TEAL: "bar_vector", INDIGO: "bar_parameter"}.get(color, "bar")
    return made


def _write_parameters(
    book: Book, sheets: dict[str, Sheet], exact: Tree, letters: str, num_layers: int
) -> None:
    write_embeddings(sheets["W_embed"], exact, letters)
    for layer in range(num_layers):
        write_layer(sheets[f"W_L{layer + 1}"], exact, layer)
    write_final(sheets["W_out"], exact)


def _plan(book: Book, trace: Trace, letters: str, config: GPTConfig) -> Plan:
    """Say where letters, ids and next letters will stand, before any formula asks for them."""
    T, V = config.context_length, config.vocab_size
    return Plan(
        book=book,
        trace=trace,
        letters=letters,
        num_heads=config.num_heads,
        typed=start.TYPED,
        vocabulary=start.vocabulary(letters),
        letter=Block("Embed", 6, 1, T, 1),
        token=Block("Embed", 6, 2, T, 1),
        following=Block("Out", T + 10, FIRST + 3 * (V + 1), T, 1),
    )


def _parameters(book: Book) -> list[tuple[str, str]]:
    """Return the name and role of each block of parameters."""
    return [
        (name, "bias" if name.endswith("_bias") else "parameter")
        for name in book.blocks
        if name.endswith(("_weight", "_gain", "_bias"))
    ]
