"""The ladder and its exam, on a tiny random model against plain forward passes."""

from __future__ import annotations

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from gguf import GGMLQuantizationType
from gguf.quants import dequantize, quantize
from jax import Array
from jax.export import export
from tokenizers import Tokenizer

from explainer.coarsening import FORMATS, coarsen
from explainer.exam import (
    TEXTS,
    Exam,
    _answer,
    known_facts,
    prepare_exam,
    sit_exam,
    text_named,
)
from explainer.ladder import MATRICES, _compare, as_row, climb, coarsen_params
from explainer.models import path
from explainer.models.llama import Block, LlamaConfig, LlamaParams, apply_llama
from explainer.models.llama_params import expected_shapes
from explainer.models.tokenizer import tokenizer_from_gguf

CONFIG = LlamaConfig(
    vocab_size=49152,
    d_model=32,
    num_layers=2,
    num_heads=2,
    num_kv_heads=1,
    d_head=32,
    d_ff=64,
    context_length=1024,
)


@cache
def tokenizer() -> Tokenizer:
    """Return SmolLM2's."""
    return tokenizer_from_gguf(path("smollm2"))


@cache
def exam() -> Exam:
    """Return a short exam."""
    return prepare_exam(tokenizer(), max_tokens=120, num_facts=7)


@cache
def params() -> LlamaParams:
    """Return random parameters."""
    shapes = expected_shapes(CONFIG)
    keys = iter(jax.random.split(jax.random.key(0), len(shapes)))

    def made(name: str, *lead: int) -> Array:
        return jax.random.normal(next(keys), (*lead, *shapes[name])) / 4

    blocks = Block(**{n: made(n, CONFIG.num_layers) for n in Block._fields if n in shapes})
    return LlamaParams(made("embedding"), blocks, jnp.ones(CONFIG.d_model))


def test_facts_are_read_as_whole_texts() -> None:
    """Reading the prefix once gives each prompt the probabilities of a forward pass of its own."""
    answers = sit_exam(params(), CONFIG, exam())
    for row, (prompt, length) in enumerate(zip(exam().prompts, exam().lengths, strict=True)):
        ids = np.concatenate([exam().prefix, prompt[:length]])
        logits = np.asarray(apply_llama(params(), ids, CONFIG)[-1], np.float64)
        wanted = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        assert answers.chosen[row] == logits.argmax()
        np.testing.assert_allclose(
            answers.probability[row], wanted[exam().expected[row]], rtol=1e-3
        )


def test_the_exam_is_that_of_the_stored_reference() -> None:
    """With SmolLM2's ids: 1,500 predicted tokens, 100 facts, the prefix and answers as stored.

    The ids stand in the reference data of the first measurements (`cloze.json`).
    """
    whole = prepare_exam(tokenizer())
    assert sum(len(ids) - 1 for ids in whole.texts) == 1500
    assert len(whole.facts) == len(set(known_facts()[1])) == 100
    assert whole.prefix.tolist() == [0, 4590, 314, 253, 1398, 282, 5307, 30, 198]
    assert whole.expected[:2].tolist() == [7042, 19081]  # " Paris", " Tokyo"
    assert whole.expected[-1] == 5882  # " sides"
    assert all(text_named(name).isascii() for name in TEXTS)


@pytest.mark.parametrize("qtype", ["q4_0", "q8_0", "q5_1"])
def test_coarsening_by_blocks_is_gguf_pys_round_trip(qtype: str) -> None:
    """A weight that went through GGUF's blocks is what gguf-py makes of it."""
    weight = np.asarray(params().blocks.gate)
    kind = GGMLQuantizationType[qtype.upper()]
    np.testing.assert_array_equal(
        coarsen(jnp.asarray(weight), qtype).weight, dequantize(quantize(weight, kind), kind)
    )


@pytest.mark.parametrize("bits", [8, 6, 5, 4, 3, 2])
def test_coarsening_to_integers_is_the_formula(bits: int) -> None:
    """Symmetric, groups of 32, float16 scales: s * round(w / s), as NumPy does it."""
    weight = np.asarray(params().blocks.gate)
    blocks = weight.reshape(-1, 32)
    scale = np.abs(blocks).max(1, keepdims=True) / np.float32(2 ** (bits - 1) - 1)
    scale = scale.astype(np.float16).astype(np.float32)
    codes = np.round(blocks / scale).clip(1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1)
    found = coarsen(jnp.asarray(weight), f"int{bits}")
    np.testing.assert_allclose(
        found.weight, (scale * codes).reshape(weight.shape), rtol=1e-6, atol=1e-7
    )
    assert found.bits_per_weight == bits + 0.5


def test_only_the_matrices_of_the_layers_change() -> None:
    """Embedding, gains and norms are the same arrays before and after."""
    coarse, bits, error = coarsen_params(params(), "int3")
    assert coarse.embedding is params().embedding
    assert coarse.norm is params().norm
    for field in Block._fields:
        same = getattr(coarse.blocks, field) is getattr(params().blocks, field)
        assert same == (field not in MATRICES)
    assert bits == 3.5
    changed = [np.asarray(getattr(coarse.blocks, field)) for field in MATRICES]
    whole = [np.asarray(getattr(params().blocks, field)) for field in MATRICES]
    squares = sum(((a - b) ** 2).sum() for a, b in zip(changed, whole, strict=True))
    size = sum((b**2).sum() for b in whole)
    assert error == pytest.approx(float(np.sqrt(squares / size)), rel=1e-4)


def test_the_first_rung_is_the_model_itself() -> None:
    """As loaded nothing is lost; in float32 neither; with two bits nearly everything changes."""
    first, same, coarse = climb(params(), CONFIG, exam(), ["f32", "int2"])
    for rung in (first, same):
        assert (rung.ratio.value, rung.divergence.value, rung.agreement.value) == (1, 0, 1)
        assert (rung.facts.lost, rung.facts.won, rung.facts.p) == (0, 0, 1)
    assert coarse.divergence.low > 0
    assert coarse.agreement.high < 1
    row = as_row(coarse)
    assert row["facts_known"] == sum(coarse.right)
    assert row["perplexity_ratio_interval"] == [coarse.ratio.low, coarse.ratio.high]


def test_the_exam_lowers_for_every_platform() -> None:
    """Reading the facts, and comparing two sets of logits, lowers for CPU, CUDA and TPU."""
    platforms = ("cpu", "cuda", "tpu")
    questions = (exam().prefix, exam().prompts, exam().lengths, exam().expected)
    answered = export(_answer, platforms=platforms)(params(), *questions, CONFIG)
    assert answered.platforms == platforms
    logits = jnp.zeros((5, 11))
    compared = export(_compare, platforms=platforms)(logits, logits, jnp.arange(5))
    assert [aval.shape for aval in compared.out_avals] == [(4,)] * 4


def test_an_unknown_format_names_the_known() -> None:
    """A format that does not exist, and rows that blocks do not divide, are refused by name."""
    with pytest.raises(ValueError, match=r"`format` \(='q4'\) must be one of f32, f16"):
        coarsen(jnp.ones((2, 32)), "q4")
    for name in FORMATS[4:]:
        with pytest.raises(ValueError, match=r"`d_in`"):
            coarsen(jnp.ones((2, 33)), name)
