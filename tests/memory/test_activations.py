"""Activations against published closed forms and sums by hand."""

import pytest

from explainer.architectures import known_models
from explainer.memory.activations import inference_bytes, training_bytes


@pytest.mark.parametrize("tokens", [1, 1000])
def test_korthikanti(tokens: int) -> None:
    """GPT-2 with dropout keeps 34 s b h a layer, and 2 s b h with full recomputation."""
    logits = 4 * 50257 * tokens * 3
    kept = training_bytes("gpt2", tokens, 3, dropout=True)
    assert kept - logits == 12 * 34 * tokens * 3 * 768
    kept = training_bytes("gpt2", tokens, 3, recompute="full")
    assert kept - logits == 12 * 2 * tokens * 3 * 768


def test_llama_by_hand() -> None:
    """For Llama 3.1 8B the sums are those of its published widths."""
    numbers = 4 * 4096 + (4096 + 1024 + 1024 + 4096) + 3 * 14336
    assert training_bytes("llama-3.1-8b", 8) == 8 * (32 * 2 * numbers + 4 * 128256)
    chunk = 512 * (2 * 4096 + 2 * 14336) * 2
    assert inference_bytes("llama-3.1-8b", 8192, 2) == 2 * (chunk + 4 * 128256)


def test_chunk_bounds_a_long_prompt() -> None:
    """Beyond one chunk a longer prompt holds no more."""
    assert inference_bytes("llama-3.1-8b", 512) == inference_bytes("llama-3.1-8b", 10**6)
    assert inference_bytes("llama-3.1-8b", 511) < inference_bytes("llama-3.1-8b", 512)


def test_every_known_model_has_an_answer() -> None:
    """No known model is refused."""
    assert all(inference_bytes(name, 10) > 0 for name in known_models())
    assert all(training_bytes(name, 10) > 0 for name in known_models())


def test_refusals() -> None:
    """What is out of range is refused by name."""
    with pytest.raises(ValueError, match="`context`"):
        inference_bytes("gpt2", 0)
    with pytest.raises(ValueError, match="`chunk`"):
        inference_bytes("gpt2", 1, chunk=0)
    with pytest.raises(ValueError, match="`batch`"):
        training_bytes("gpt2", 1, 0)
