"""The KV cache against caches of transformers 5.23, measured on tiny models and by name."""

from typing import Any

import pytest

from explainer.architectures import known_models
from explainer.memory.kv_cache import bytes_per_token, context_at, layer_caches, total_bytes

BASE = {
    "model_type": "llama",
    "vocab_size": 64,
    "hidden_size": 64,
    "intermediate_size": 64,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
}
GEMMA = {"model_type": "gemma3_text", "sliding_window": 16, "sliding_window_pattern": 4}
MEASURED: list[tuple[dict[str, Any], int]] = [
    ({}, 131072),
    ({"num_key_value_heads": 2}, 32768),
    ({"num_key_value_heads": 1}, 16384),
    ({"model_type": "qwen3", "num_key_value_heads": 2, "head_dim": 32}, 131072),
    (GEMMA | {"num_key_value_heads": 2, "head_dim": 8}, 13952),
]
PER_TOKEN = {
    **{"gpt2": 36864, "gpt2-xl": 307200, "gpt3-175b": 4718592, "llama-2-7b": 524288},
    **{"llama-2-13b": 819200, "llama-2-70b": 327680, "llama-3.1-8b": 131072},
    **{"llama-3.1-70b": 327680, "llama-3.1-405b": 516096, "mistral-7b": 131072},
    **{"mixtral-8x7b": 131072, "qwen2.5-0.5b": 12288, "qwen2.5-7b": 57344},
    **{"qwen2.5-72b": 327680, "qwen3-0.6b": 114688, "qwen3-8b": 147456, "qwen3-32b": 262144},
    **{"qwen3-235b-a22b": 192512, "gemma-2-9b": 344064, "gemma-3-27b": 507904},
    **{"phi-3-mini": 393216, "phi-4": 204800, "smollm2-135m": 23040},
    **{"gpt-oss-120b": 73728, "gpt-oss-20b": 49152, "deepseek-v3": 70272},
}


@pytest.mark.parametrize(("changes", "measured"), MEASURED)
def test_measured_caches(changes: dict[str, Any], measured: int) -> None:
    """Two texts of 64 tokens take the bytes that caches of transformers were measured to hold."""
    assert total_bytes(BASE | changes, context=64, batch=2) == measured


def test_every_named_model() -> None:
    """Bytes a token agree with the table of 26 published models."""
    assert {name: bytes_per_token(name) for name in PER_TOKEN} == PER_TOKEN


def test_expanded_latent() -> None:
    """Expanded keys (192) and values (128) of 128 heads in 61 layers are 71 times the latent."""
    assert bytes_per_token("deepseek-v3", latent=False) == 61 * 128 * (192 + 128) * 2 == 4_997_120


@pytest.mark.parametrize(
    ("name", "windowed", "whole"),
    [
        ("gpt-oss-120b", 128, 18),
        ("gemma-2-9b", 4096, 21),
        ("gemma-3-27b", 1024, 10),
        ("gemma-3-1b-it", 512, 4),
        ("mistral-7b-instruct-v0.1", 4096, 0),
        ("mistral-7b-v0.3", None, 32),
        ("qwen2.5-7b", None, 28),
    ],
)
def test_windows(name: str, windowed: int | None, whole: int) -> None:
    """Which layers have a window, as the configurations that were published say."""
    windows = [layer.window for layer in layer_caches(name)]
    assert windows.count(None) == whole
    assert set(windows) <= {None, windowed}


def test_hybrid_by_a_loop() -> None:
    """At 8,192 tokens Gemma 3 27B keeps 1,023 in 52 layers and all in 10."""
    values = 2 * 16 * 128
    expected = sum(values * (8192 if (layer + 1) % 6 == 0 else 1023) * 2 for layer in range(62))
    assert total_bytes("gemma-3-27b", context=8192) == expected


def test_every_known_model_has_an_answer() -> None:
    """No known model is refused; only an encoder keeps nothing."""
    empty = {name for name in known_models() if total_bytes(name, context=10) == 0}
    assert empty == {"bert-base-uncased"}


def test_formats_and_encoder_text() -> None:
    """Q8_0 takes 34 bytes for 32 numbers; BART keeps the encoder's text too."""
    assert bytes_per_token("llama-3.1-8b", 34 / 32) == 65536 * 34 // 32
    assert total_bytes("bart-large", context=10) == 2 * 12 * 2 * 1024 * 10 * 2


def test_context_at() -> None:
    """The first context over a size is found; full windows never get there."""
    assert context_at("llama-2-7b", 2**31) == 4097
    assert context_at("mistral-7b-v0.1", 10**12) is None
    assert context_at("mistral-7b-v0.1", 4095 * 131072 - 1) == 4095


def test_refusals() -> None:
    """What is out of range is refused by name."""
    with pytest.raises(ValueError, match="`context`"):
        total_bytes("gpt2", -1)
    with pytest.raises(ValueError, match="`batch`"):
        total_bytes("gpt2", 1, 0)
    with pytest.raises(ValueError, match="`bytes_per_value`"):
        bytes_per_token("gpt2", 0)
    with pytest.raises(ValueError, match="`layer_types`"):
        total_bytes(BASE | {"sliding_window": 8, "layer_types": []}, 1)
