r"""Activations: what a pass through the layers holds besides weights and cache.

Estimates by closed form. A real allocator holds more: it rounds up, and frees late.
"""

from __future__ import annotations

from typing import Literal

from explainer.architectures.bart import BART
from explainer.architectures.bert import BERT
from explainer.architectures.decoder import LatentAttention
from explainer.architectures.gpt2 import GPT2
from explainer.architectures.models import Source, read_config
from explainer.architectures.reading import Sizes, read_sizes

Recompute = Literal["none", "full"]

CHUNK = 512
"""Tokens that are read at once, as llama.cpp does unless told otherwise (its `--ubatch-size`)."""


def inference_bytes(
    source: Source, context: int, batch: int = 1, *, chunk: int = CHUNK, bytes_per_value: int = 2
) -> int:
    r"""Return what the widest moment of a forward pass holds, for a chunk of the prompt.

    Residual and normed input ($2D$), and the wider of attention (queries, keys, values, output) and
    the feed-forward layer (its hidden units, twice where it is gated); then one row of logits a
    text, in FP32. Scores are taken as never written down, as a fused kernel does.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        context: Tokens of the prompt, at least 1.
        batch: Texts at once, at least 1.
        chunk: Tokens of a text that are read at once, at least 1.
        bytes_per_value: Bytes of one number.

    Returns:
        Bytes.

    Raises:
        ValueError: If a number is below 1.

    Examples:
        >>> inference_bytes("gpt2", context=1)  # 2 D + 4 D in two bytes, the logits in four
        210244
    """
    for name, value in (("context", context), ("batch", batch), ("chunk", chunk)):
        if value < 1:
            raise ValueError(f"`{name}` (={value}) must be at least 1")
    sizes = read_sizes(read_config(source))
    projected, hidden, matrices = _widths(sizes)
    widest = max(projected, hidden * (matrices - 1))
    tokens = batch * min(context, chunk)
    logits = 4 * batch * sizes.vocab_size
    return tokens * (2 * sizes.d_model + widest) * bytes_per_value + logits


def training_bytes(
    source: Source,
    context: int,
    batch: int = 1,
    *,
    recompute: Recompute = "none",
    dropout: bool = False,
) -> int:
    r"""Return what the layers keep for the backward pass, in two bytes a number.

    Inputs of both norms, of the projections and of the feed-forward layer; queries, keys, values;
    what the feed-forward layer computes on the way. For a GPT with dropout, $34\,T B D$ bytes a
    layer. With full recomputation only each layer's input, $2\,T B D$. Scores are recomputed, as
    FlashAttention does; logits are counted once, in FP32.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        context: Tokens of a text, at least 1.
        batch: Texts, at least 1.
        recompute: `none`, or `full` to keep only the input of each layer.
        dropout: Whether two masks of one byte are kept.

    Returns:
        Bytes.

    Raises:
        ValueError: If a number is below 1.

    Examples:
        >>> training_bytes("gpt2", 1, dropout=True) == 12 * 34 * 768 + 4 * 50257
        True

    References:
        Korthikanti et al. 2022, Reducing activation recomputation in large transformer models,
        section 4.1, whose term in the square of the context is that of the scores.
    """
    for name, value in (("context", context), ("batch", batch)):
        if value < 1:
            raise ValueError(f"`{name}` (={value}) must be at least 1")
    sizes = read_sizes(read_config(source))
    D = sizes.d_model
    projected, hidden, matrices = _widths(sizes)
    num_layers = (
        sizes.encoder_layers + sizes.decoder_layers if isinstance(sizes, BART) else sizes.num_layers
    )
    # Inputs of norms and of what follows them; attention with its output; hidden units.
    numbers = 4 * D + projected + matrices * hidden
    kept = 2 * numbers + (2 * D if dropout else 0)
    if recompute == "full":
        kept = 2 * D
    return context * batch * (num_layers * kept + 4 * sizes.vocab_size)


def _widths(sizes: Sizes) -> tuple[int, int, int]:
    """Return the widths of attention (all four together) and hidden units; matrices of these."""
    if isinstance(sizes, GPT2 | BERT):
        return 4 * sizes.d_model, sizes.d_ff, 2
    if isinstance(sizes, BART):
        return 4 * sizes.d_model, max(sizes.encoder_d_ff, sizes.decoder_d_ff), 2
    heads = sizes.attention
    if isinstance(heads, LatentAttention):
        projected = 2 * heads.num_heads * (heads.d_nope + heads.d_rope + heads.d_value)
    else:
        projected = 2 * (heads.d_queries + heads.d_keys)  # the output is as wide as the queries
    dense = sizes.feed_forward.d_ff if sizes.feed_forward else 0
    matrices = 3 if sizes.feed_forward is None or sizes.feed_forward.gated else 2
    sparse = 0
    if sizes.experts:
        sparse = sizes.experts.num_per_token * sizes.experts.d_ff + sizes.experts.d_ff_shared
    return projected, max(dense, sparse), matrices
