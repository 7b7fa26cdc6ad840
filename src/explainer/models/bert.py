"""BERT encoders from their files, and sentences as vectors: all-MiniLM-L6-v2 and its kin.

A directory as Hugging Face lays it out holds `config.json`, the weights as safetensors and
`tokenizer.json`. All three are read and checked against each other before anything is returned.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Bool, Float, Int

from explainer.checkpoints import ModelFileError, read
from explainer.models import path
from explainer.models.bert_encoder import BertConfig, BertParams, apply_bert, bert_states
from explainer.models.bert_file import read_bert_config, read_bert_params
from explainer.models.tokenizer import tokenizer_from_file

__all__ = [
    "Bert",
    "BertConfig",
    "BertParams",
    "Tokens",
    "apply_bert",
    "bert_states",
    "embed_sentences",
    "embed_tokens",
    "load_bert",
    "load_minilm",
    "mean_pool",
    "tokenize",
]

_PAD_TO = 16
"""Lengths are rounded up to a multiple of this, so that few of them are compiled."""


@dataclass(frozen=True)
class Bert:
    """A BERT that is ready to run.

    Args:
        config: Sizes.
        params: Every parameter, in float32.
        tokenizer: From the model's own `tokenizer.json`, without padding and truncation.
    """

    config: BertConfig
    params: BertParams
    tokenizer: Any


class Tokens(NamedTuple):
    """Texts as ids, padded to one length.

    Args:
        ids: Shape `[B, T]`, 0 at padding.
        mask: True where a token is, shape `[B, T]`.
    """

    ids: Array
    mask: Array


def load_minilm() -> Bert:
    """Load all-MiniLM-L6-v2, which comes with the site.

    Returns:
        The model, 22,713,216 parameters in float32.

    Raises:
        FileNotFoundError: If its wheel is not installed; the message gives the command that mends
            it.

    Examples:
        >>> sum(leaf.size for leaf in jax.tree.leaves(load_minilm().params))
        22713216
    """
    return load_bert(path("minilm"))


def load_bert(directory: str | os.PathLike[str]) -> Bert:
    """Load a BERT encoder from a directory in Hugging Face's layout.

    Args:
        directory: Holds `config.json`, the weights as safetensors (one file or shards) and
            `tokenizer.json`; or the weights' file itself, with the others beside it.

    Returns:
        Configuration, parameters in float32 and tokenizer. A masked-language-model head is left.

    Raises:
        ModelFileError: If a file is missing or damaged, is of another architecture, or contradicts
            another one; nothing half loaded is returned.
    """
    start = Path(directory)
    folder = start.parent if start.is_file() else start
    config = read_bert_config(folder / "config.json")
    tokenizer = tokenizer_from_file(folder / "tokenizer.json")
    if tokenizer.get_vocab_size() > config.sizes.vocab_size:
        raise ModelFileError(
            folder / "tokenizer.json",
            f"it has {tokenizer.get_vocab_size():,} tokens, and the model a row for each of "
            f"{config.sizes.vocab_size:,} only; take the tokenizer of this very model",
        )
    return Bert(config, read_bert_params(read(start), config.sizes), tokenizer)


def tokenize(model: Bert, sentences: Sequence[str]) -> Tokens:
    """Return the ids of several texts, padded to one length.

    Args:
        model: Whose tokenizer is used; it puts [CLS] before and [SEP] behind each text.
        sentences: Texts, at least one.

    Returns:
        Ids and mask; the length is rounded up to a multiple of 16 (or the model's positions).

    Raises:
        ValueError: If there is no text, or one has more tokens than the model has positions.

    Examples:
        >>> tokenize(load_minilm(), ["Hello, world", "Hi"]).mask.sum(axis=1).tolist()
        [5, 3]
    """
    if isinstance(sentences, str) or not sentences:
        raise ValueError(f"`sentences` (={sentences!r}) must be a list of at least one text")
    limit = model.config.sizes.num_positions
    rows = [encoding.ids for encoding in model.tokenizer.encode_batch(list(sentences))]
    longest = max(map(len, rows))
    if longest > limit:
        at = next(index for index, ids in enumerate(rows) if len(ids) > limit)
        raise ValueError(
            f"`sentences[{at}]` has {len(rows[at])} tokens, and the model {limit} positions; "
            "split the text"
        )
    length = min(-(-longest // _PAD_TO) * _PAD_TO, limit)
    ids = np.zeros((len(rows), length), np.int32)
    mask = np.zeros(ids.shape, np.bool_)
    for row, found in enumerate(rows):
        ids[row, : len(found)], mask[row, : len(found)] = found, True
    return Tokens(jnp.asarray(ids), jnp.asarray(mask))


def mean_pool(vectors: Float[Array, "B T D"], mask: Bool[Array, "B T"]) -> Float[Array, "B D"]:
    r"""Return the mean of each text's vectors, at length one; padding does not count.

    $s = \bar x / \lVert \bar x \rVert, \quad \bar x = \frac{1}{|M|} \sum_{t \in M} x_t$

    Args:
        vectors: One for each token, shape `[B, T, D]`.
        mask: True where a token is.

    Returns:
        Shape `[B, D]`. A text without a token gives zeros.
    """
    weights = mask[:, :, None].astype(vectors.dtype)
    counts = jnp.maximum(weights.sum(axis=1), 1.0)
    # Not a product with the mask: what stands at padding may even be infinite.
    mean = jnp.where(mask[:, :, None], vectors, 0.0).sum(axis=1) / counts
    return mean / jnp.maximum(jnp.linalg.norm(mean, axis=-1, keepdims=True), 1e-12)


@partial(jax.jit, static_argnames="config")
def embed_tokens(
    params: BertParams,
    tokens: Int[Array, "B T"],
    mask: Bool[Array, "B T"],
    config: BertConfig,
) -> Float[Array, "B D"]:
    """Return one vector of length one for each text, from its ids.

    Args:
        params: From `load_bert`, or quantized ones of the same shapes.
        tokens: Ids, shape `[B, T]`.
        mask: True where a token is.
        config: Sizes; fixed at compilation.

    Returns:
        Shape `[B, D]`.
    """
    return mean_pool(apply_bert(params, tokens, mask, config), mask)


def embed_sentences(model: Bert, sentences: Sequence[str]) -> Float[Array, "B D"]:
    """Return one vector of length one for each sentence; their dot product is their cosine.

    Args:
        model: From `load_minilm` or `load_bert`.
        sentences: Texts, at least one.

    Returns:
        Shape `[B, D]`: mean over the tokens' vectors, normalised, as the model was trained for.

    Raises:
        ValueError: If a text has more tokens than the model has positions.

    Examples:
        >>> a, b, c = embed_sentences(load_minilm(), ["A cat.", "A kitten.", "Tax law."])
        >>> bool(a @ b > 0.7 > 0.2 > a @ c)
        True

    References:
        Reimers and Gurevych 2019, Sentence-BERT, section 3; the model's own `modules.json`:
        transformer, pooling, normalisation.
    """
    tokens = tokenize(model, sentences)
    vectors: Array = embed_tokens(model.params, tokens.ids, tokens.mask, model.config)
    return vectors
