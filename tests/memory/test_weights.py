"""Bytes of weights in formats of other libraries, against published checkpoints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainer.architectures import architecture
from explainer.memory.weights import FORMATS, TILE_FORMATS, tiled_bytes, weight_bytes

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "gguf_mixtures.json").read_text()
)


def test_deepseek_checkpoint() -> None:
    """DeepSeek-V3's published checkpoint in FP8 is met to the byte."""
    found = tiled_bytes(architecture("deepseek-v3", mtp="stored"), "fp8")
    assert found.total_bytes == ORACLE["stored_bytes"]["deepseek-v3 fp8"]


def test_gpt_oss_checkpoint() -> None:
    """The checkpoint of gpt-oss-120b has the published size in GiB."""
    found = weight_bytes("gpt-oss-120b", "mxfp4").total_bytes / 2**30
    assert round(found, 1) == ORACLE["stored_gib"]["gpt-oss-120b mxfp4"]


@pytest.mark.parametrize(("name", "size"), [("fp32", 4), ("fp16", 2), ("bf16", 2)])
def test_plain_floats(name: str, size: int) -> None:
    """A plain float takes its bytes for every parameter and nothing else."""
    for model in ("gpt2", "bart-large", "qwen2.5-0.5b", "deepseek-v3", "gemma-3-4b"):
        assert weight_bytes(model, name).total_bytes == size * architecture(model).total


@pytest.mark.parametrize("name", ["int8", "int4", "nf4", "mxfp4"])
def test_tiles_by_a_loop(name: str) -> None:
    """Bytes of a Llama equal those of arrays that are really cut into tiles."""
    config = {"model_type": "llama", "vocab_size": 300, "hidden_size": 256}
    config |= {"intermediate_size": 640, "num_hidden_layers": 2, "num_attention_heads": 4}
    group, constants = {"int8": (0, 4), "int4": (128, 2.5), "nf4": (64, 4), "mxfp4": (32, 1)}[name]
    expected = 0.0
    for key, shape in architecture(config).shapes().items():
        array = np.zeros(shape, np.uint8)
        if array.ndim < 2 or "layers" not in key:
            expected += 2 * array.size
            continue
        tiles = array.reshape(-1, group or shape[1])
        expected += array.size * (1 if name == "int8" else 0.5) + len(tiles) * constants
    assert weight_bytes(config, name).total_bytes == expected


@pytest.mark.parametrize("name", FORMATS)
def test_parts_add_up(name: str) -> None:
    """The components add up to the total, in every format."""
    found = weight_bytes("llama-3.2-1b", name)
    assert sum(found.parts.values()) == found.total_bytes
    assert found.bits_per_weight * found.parameters == pytest.approx(8 * found.total_bytes)


def test_names() -> None:
    """Case and hyphens do not matter, and Q4_K stands for Q4_K_M as in llama-quantize."""
    wanted = weight_bytes("gpt2", "q4_k_m").total_bytes
    for name in ("Q4_K_M", "q4-k-m", "Q4_K"):
        assert weight_bytes("gpt2", name).total_bytes == wanted
    assert weight_bytes("gpt2", "bfloat16").format == "bf16"
    with pytest.raises(ValueError, match=r"`format` \(='q9'\) must be one of fp32"):
        weight_bytes("gpt2", "q9")
    with pytest.raises(ValueError, match=r"`name` \(='q4_0'\)"):
        tiled_bytes(architecture("gpt2"), "q4_0")
    assert set(TILE_FORMATS) < set(FORMATS)
