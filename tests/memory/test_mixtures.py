"""Whole GGUF files predicted from a configuration, against published and real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gguf
import pytest

from explainer.architectures import known_config, known_models
from explainer.checkpoints import read
from explainer.memory.gguf_tensors import gguf_model
from explainer.memory.mixture_rules import more_bits
from explainer.memory.mixtures import predict_gguf
from explainer.models import path as model_path

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "gguf_mixtures.json").read_text()
)


@pytest.mark.parametrize("mixture", ORACLE["llama-3.1-8b"])
def test_published_table(mixture: str) -> None:
    """Each of the 23 published rows of Llama-3.1-8B is met within 2e-4 bits per weight."""
    found = predict_gguf("llama-3.1-8b", mixture).bits_per_weight
    assert found == pytest.approx(ORACLE["llama-3.1-8b"][mixture], abs=2e-4)


@pytest.mark.parametrize("model", ORACLE["bits_per_weight"])
def test_same_name_other_bits(model: str) -> None:
    """Q4_K_M takes the bits per weight that an independent program gives for this model."""
    found = predict_gguf(model, "q4_k_m").bits_per_weight
    assert found == pytest.approx(ORACLE["bits_per_weight"][model], abs=6e-4)


def test_real_file_tensor_by_tensor() -> None:
    """SmolLM2's real file has the predicted types, elements and bytes, to the byte."""
    held = read(model_path("smollm2")).tensors
    predicted = predict_gguf("smollm2-135m", "Q4_1")
    assert predicted.tensor_bytes == sum(tensor.stored_bytes for tensor in held)
    assert predicted.tensor_bytes == ORACLE["tensor_bytes"]["smollm2-135m Q4_1"]
    assert sorted((placed.type, placed.tensor.elements) for placed in predicted.tensors) == sorted(
        (tensor.type, tensor.elements) for tensor in held
    )


def test_file_with_a_second_table() -> None:
    """A checkpoint that stores its tied head again becomes the real Qwen3-0.6B file."""
    config = known_config("qwen3-0.6b") | {"tie_word_embeddings": False}
    found = predict_gguf(config, "Q4_K_M").tensor_bytes
    assert found == ORACLE["tensor_bytes"]["qwen3-0.6b Q4_K_M"]


@pytest.mark.parametrize("name", known_models())
def test_every_architecture(name: str) -> None:
    """Every known model is predicted in whole blocks, or refused with rule, value and fix."""
    if "bart" in name:
        with pytest.raises(ValueError, match=r"`model_type` \(='m?bart'\).*choose a format"):
            predict_gguf(name, "q4_k_m")
        return
    for mixture in ("Q1_0", "Q2_K", "Q4_K_M", "IQ3_XS"):
        try:
            found = predict_gguf(name, mixture)
        except ValueError as error:
            assert "must be divisible by the block of Q1_0 (=128)" in str(error)
            assert "choose" in str(error)
            continue
        for placed in found.tensors:
            size, stored = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[placed.type]]
            assert placed.tensor.row % size == 0
            assert placed.num_bytes * size == placed.tensor.elements * stored


@pytest.mark.parametrize("name", known_models())
def test_no_parameter_is_lost(name: str) -> None:
    """A file holds all parameters, and beside them only buffers; of a BERT not the pooler."""
    if "bart" in name:
        return
    found = gguf_model(name)
    elements = sum(part.elements * len(part.layers or (0,)) for part in found.tensors)
    expected = {"deepseek-v3": 14_848, "deepseek-r1": 14_848, "bert-base-uncased": -590_592}
    assert elements - found.parameters == expected.get(name, 0)


def test_more_bits() -> None:
    """Half of 32 layers get more: the first four, the last four, and every third between."""
    more = [layer for layer in range(32) if more_bits(layer, 32)]
    assert more == [0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31]


def test_eight_experts() -> None:
    """In a Mixtral, keys and values take Q8_0: of all tensors only they and the tables do not."""
    found = predict_gguf("mixtral-8x7b", "Q4_K_M")
    assert {p.type for p in found.tensors if p.tensor.role in ("key", "value")} == {"Q8_0"}
    assert {p.type for p in found.tensors if p.tensor.role == "attention_output"} == {"Q5_K"}


def test_importance_matrix() -> None:
    """Without an importance matrix IQ3_XXS is larger, by the independent program's figures."""
    found = predict_gguf("llama-3.1-8b", "IQ3_XXS", imatrix=False).bits_per_weight
    assert found == pytest.approx(3.3736, abs=1e-4)
    found = predict_gguf("llama-3.1-8b", "IQ4_XS", imatrix=True).bits_per_weight
    assert found == pytest.approx(4.4231, abs=1e-4)


def test_llama3_scaling() -> None:
    """A configuration that scales its rotation has one more tensor of 64 floats, as files do."""
    config = known_config("llama-3.1-8b")
    scaled = config | {"rope_scaling": {"rope_type": "llama3", "factor": 8.0}}
    more = predict_gguf(scaled, "F16").tensor_bytes - predict_gguf(config, "F16").tensor_bytes
    assert more == 64 * 4


def test_unknown_mixture() -> None:
    """An unknown mixture is refused, and the known ones are named."""
    with pytest.raises(ValueError, match=r"`mixture` \(='Q4_K_X'\) must be one of F32, F16"):
        predict_gguf("gpt2", "Q4_K_X")
