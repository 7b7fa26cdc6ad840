"""Outlines: what a calculator elsewhere is given decides the bytes, and nothing is missing."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from explainer.architectures import architecture, known_models
from explainer.memory.outline import LETTERS, outline

MIXED = {"model_type": "qwen3_moe", "vocab_size": 512, "hidden_size": 256, "head_dim": 32}
MIXED |= {"num_hidden_layers": 6, "num_attention_heads": 8, "num_key_value_heads": 2}
MIXED |= {"intermediate_size": 512, "moe_intermediate_size": 64, "num_experts": 4}
MIXED |= {"num_experts_per_tok": 2, "tie_word_embeddings": True, "mlp_only_layers": [0, 3]}


def elements(found: dict[str, Any], *lists: str) -> int:
    """Return the elements of what some lists name, each matrix as often as it is held."""
    total = 0
    matrices: list[list[Any]] = [one for name in lists for one in found.get(name, [])]
    for role, row, rows, *rest in matrices:
        copies, first, beyond = [*rest, *[1, 0, found["layers"]][len(rest) :]]
        total += row * rows * copies * (1 if role in "eh" else beyond - first)
    return total


def test_llama_by_hand() -> None:
    """Llama 3.1 8B is what its published configuration makes it."""
    found = outline("llama-3.1-8b")
    D, F, kv, V = 4096, 14336, 1024, 128256
    assert found["matrices"] == [
        *(["q", D, D], ["k", D, kv], ["v", D, kv], ["o", D, D]),
        *(["u", D, F], ["u", D, F], ["d", F, D]),
    ]
    assert found["gguf"] == [["e", D, V], ["h", D, V]]
    assert "tiles" not in found and "buffers" not in found
    assert found["untouched"] == 65 * D  # two norms a layer and the last
    assert found["sharing"] == 4


@pytest.mark.parametrize("name", known_models())
def test_matrices_are_all_there(name: str) -> None:
    """Matrices of the layers make up all but tables, heads, norms, biases and routers."""
    found, model = outline(name), architecture(name)
    assert json.loads(json.dumps(found)) == found
    matrices = [
        tensor
        for tensor in model.parameters
        if tensor.layers and tensor.component not in ("norm", "router")
        if tensor.kind == "weights" and len(tensor.shape) > 1
    ]
    assert elements(found, "matrices", "tiles") == sum(tensor.size for tensor in matrices)
    assert {role for role, *_ in found.get("matrices", ())} <= set(LETTERS.values())


@pytest.mark.parametrize("name", ["gpt2", "phi-2", "deepseek-v3", "gpt-oss-20b", "gemma-2-2b"])
def test_gguf_holds_every_parameter(name: str) -> None:
    """A GGUF is given all parameters, and buffers beside them, once."""
    found = outline(name)
    held = elements(found, "matrices", "gguf") + found["untouched"]
    assert held == found["parameters"] + found.get("buffers", 0)


def test_layers_with_gaps() -> None:
    """Layers that differ are named by their runs."""
    found = outline(MIXED)
    runs = {tuple(rest) for role, row, rows, *rest in found["matrices"] if role == "d"}
    assert runs == {(1, 0, 1), (1, 3, 4), (4, 1, 3), (4, 4, 6)}
    attention = 6 * 2 * 256 * (8 + 2) * 32
    feed_forward = 2 * 3 * 256 * 512 + 4 * 4 * 3 * 256 * 64
    assert elements(found, "matrices") == attention + feed_forward


def test_without_gguf() -> None:
    """A BART has no GGUF, two texts to remember, and all its matrices in tiles."""
    found = outline("bart-large")
    assert "gguf" not in found and "matrices" not in found
    assert found["cache"] == [[2 * 12 * 2 * 1024]]
    assert math.prod(found["tiles"][0][1:]) == 1024 * 1024


def test_encoder() -> None:
    """A BERT leaves nothing behind."""
    assert "cache" not in outline("bert-base-uncased")
