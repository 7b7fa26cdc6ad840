"""Components and kinds from names, as the families write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import pytest

from explainer.architectures import Architecture, Tensor, architecture, known_config, known_models
from explainer.architectures.reading import MODEL_TYPES
from explainer.checkpoints.names import component_of, extra_layers_of, kind_of

# Each name stands in a published checkpoint of the family, or in llama.cpp's tensor list.
COMPONENTS = {
    "embedding": """
        wte.weight wpe.weight transformer.wte.weight model.embed_tokens.weight token_embd.weight
        position_embd.weight token_types.weight embeddings.word_embeddings.weight shared.weight
        embeddings.position_embeddings.weight embeddings.token_type_embeddings.weight
        model.decoder.embed_positions.weight embedding.weight gpt_neox.embed_in.weight
        per_layer_token_embd.weight tok_embeddings.weight""",
    "attention": """
        h.0.attn.c_attn.weight h.0.attn.c_proj.bias model.layers.0.self_attn.q_proj.weight
        blk.0.attn_q.weight blk.0.attn_output.weight blk.0.attn_q.bias blk.0.attn_sinks.weight
        encoder.layer.0.attention.self.query.weight encoder.layer.0.attention.output.dense.weight
        model.layers.0.self_attn.kv_a_proj_with_mqa.weight model.layers.0.self_attn.sinks
        model.encoder.layers.0.self_attn.out_proj.bias
        model.decoder.layers.0.encoder_attn.k_proj.bias
        layers.0.attention.wq.weight block.0.attn.qkv.weight blk.0.attn_kv_b.weight""",
    "feed_forward": """
        h.0.mlp.c_fc.weight model.layers.0.mlp.gate_proj.weight blk.0.ffn_gate.weight
        blk.0.ffn_up.bias encoder.layer.0.intermediate.dense.weight
        encoder.layer.0.output.dense.weight model.encoder.layers.0.fc1.weight
        model.layers.0.mlp.gate_up_proj.weight layers.0.feed_forward.w1.weight
        transformer.layer.0.ffn.lin1.weight""",
    "shared_experts": """
        model.layers.3.mlp.shared_experts.up_proj.weight blk.3.ffn_up_shexp.weight
        model.layers.0.mlp.shared_expert.down_proj.weight""",
    "experts": """
        model.layers.0.block_sparse_moe.experts.7.w1.weight
        model.layers.0.mlp.experts.3.up_proj.weight
        blk.0.ffn_gate_exps.weight model.layers.0.mlp.experts.gate_up_proj_bias
        model.layers.0.mlp.experts.down_proj_blocks blk.0.ffn_down_exps.bias
        block.0.mlp.mlp1_weight.blocks""",
    "router": """
        model.layers.0.block_sparse_moe.gate.weight model.layers.3.mlp.gate.weight
        blk.0.ffn_gate_inp.weight model.layers.0.mlp.router.bias blk.3.exp_probs_b.bias
        model.layers.3.mlp.gate.e_score_correction_bias
        model.layers.0.mlp.shared_expert_gate.weight""",
    "norm": """
        h.0.ln_1.weight ln_f.bias model.norm.weight model.layers.0.input_layernorm.weight
        blk.0.attn_norm.weight output_norm.weight embeddings.LayerNorm.bias token_embd_norm.weight
        encoder.layer.0.attention.output.LayerNorm.weight model.layers.0.self_attn.q_norm.weight
        model.layers.0.self_attn.kv_a_layernorm.weight model.encoder.layernorm_embedding.weight
        model.encoder.layers.0.self_attn_layer_norm.bias blk.0.attn_q_a_norm.weight
        model.layers.0.post_feedforward_layernorm.weight block.0.attn.norm.scale""",
    "head": """
        lm_head.weight output.weight embed_out.weight unembedding.weight score.weight
        final_logits_bias cls.predictions.transform.dense.weight lm_head.bias
        pooler.dense.weight bert.pooler.dense.bias""",
    "multi_token_prediction": "mtp.layers.0.self_attn.q_proj.weight",
    "other": """
        vision_tower.encoder.layers.0.mlp.fc1.weight
        v.blk.0.attn_q.weight something.unknown""",
}


@pytest.mark.parametrize(
    ("component", "name"),
    [(component, name) for component, names in COMPONENTS.items() for name in names.split()],
)
def test_component(component: str, name: str) -> None:
    """Each name belongs to the component that its family's documentation gives it."""
    assert component_of(name) == component


KINDS = {
    "biases": """
        h.0.attn.c_attn.bias model.layers.0.self_attn.q_proj.bias blk.0.attn_q.bias
        model.layers.0.mlp.experts.gate_up_proj_bias model.layers.0.self_attn.sinks
        blk.0.attn_sinks.weight embeddings.LayerNorm.bias""",
    "gains": """
        h.0.ln_1.weight model.norm.weight blk.0.attn_q_norm.weight embeddings.LayerNorm.weight
        block.0.attn.norm.scale encoder.LayerNorm.gamma""",
    "weights": """
        model.embed_tokens.weight h.0.attn.c_attn.weight blk.0.ffn_up.weight lm_head.weight
        model.layers.0.mlp.up_proj.qweight model.layers.0.mlp.experts.down_proj_blocks
        decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight""",
    "buffers": """
        embeddings.position_ids model.layers.0.self_attn.rotary_emb.inv_freq rope_freqs.weight
        h.0.attn.masked_bias model.layers.3.mlp.gate.e_score_correction_bias blk.3.exp_probs_b.bias
        final_logits_bias rope_factors_long.weight""",
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in KINDS.items() for name in names.split()]
)
def test_kind(kind: str, name: str) -> None:
    """Each name is of the kind that the field gives it."""
    assert kind_of(name, 2) == kind


def test_stored_causal_mask_is_a_buffer() -> None:
    """GPT-2's `attn.bias` of shape 1 × 1 × 1024 × 1024 is its mask; a vector would be a bias."""
    assert kind_of("h.0.attn.bias", 4) == "buffers"
    assert kind_of("h.0.attn.bias", 1) == "biases"


def test_the_layer_after_the_last_is_multi_token_prediction() -> None:
    """DeepSeek-V3's layer 61 counts whole as the module, and layer 6 does not."""
    names = [
        "model.layers.6.mlp.up_proj.weight",
        "model.layers.61.embed_tokens.weight",
        "model.layers.61.eh_proj.weight",
        "model.layers.61.enorm.weight",
    ]
    extra = extra_layers_of(names)
    assert [component_of(name, extra) for name in names] == [
        "feed_forward",
        *["multi_token_prediction"] * 3,
    ]


def _configs() -> Iterator[dict[str, Any]]:
    """Yield every known model's configuration, then random small ones of every family."""
    yield from map(known_config, known_models())
    shapes = Path(__file__).parent.parent / "data" / "transformers_shapes.json"
    yield from (model["config"] for model in json.loads(shapes.read_text())["models"])


def _models() -> dict[str, list[Architecture]]:
    """Return models by family; of DeepSeek's, one with its layer of multi-token prediction."""
    families: dict[str, list[Architecture]] = {model_type: [] for model_type in MODEL_TYPES}
    for config in _configs():
        families[config["model_type"]].append(architecture(config))
    families["deepseek_v3"].append(architecture("deepseek-v3", mtp="stored"))
    nested = {"model_type": "gemma3", "text_config": known_config("gemma-3-4b")}
    families["gemma3"].append(architecture(nested))
    kimi = {**known_config("deepseek-v3"), "model_type": "kimi_k2"}
    families["kimi_k2"].append(architecture(kimi))
    return families


FAMILIES = _models()
_ARCH = gguf.MODEL_ARCH
GGUF = {
    **dict.fromkeys(("llama", "mistral", "ministral", "mixtral"), _ARCH.LLAMA),
    **dict.fromkeys(("deepseek_v2", "deepseek_v3", "kimi_k2"), _ARCH.DEEPSEEK2),
    **dict.fromkeys(("gemma3", "gemma3_text"), _ARCH.GEMMA3),
    **dict.fromkeys(("olmo2", "olmo3"), _ARCH.OLMO2),
    **{"qwen2": _ARCH.QWEN2, "qwen2_moe": _ARCH.QWEN2MOE, "qwen3": _ARCH.QWEN3},
    **{"qwen3_moe": _ARCH.QWEN3MOE, "gemma": _ARCH.GEMMA, "gemma2": _ARCH.GEMMA2},
    **{"phi": _ARCH.PHI2, "phi3": _ARCH.PHI3, "gpt_oss": _ARCH.GPT_OSS, "gpt2": _ARCH.GPT2},
    **{"smollm3": _ARCH.SMOLLM3, "ministral3": _ARCH.MISTRAL3, "bert": _ARCH.BERT},
    **{"olmo": _ARCH.OLMO, "olmoe": _ARCH.OLMOE, "cohere": _ARCH.COMMAND_R},
    **{"cohere2": _ARCH.COHERE2, "glm": _ARCH.CHATGLM, "glm4": _ARCH.GLM4},
    **{"glm4_moe": _ARCH.GLM4_MOE, "granite": _ARCH.GRANITE, "stablelm": _ARCH.STABLELM},
    **{"starcoder2": _ARCH.STARCODER2, "ernie4_5": _ARCH.ERNIE4_5},
}
"""Families that llama.cpp converts, and what it calls them; BART and mBART it does not."""


def _first(model: Architecture) -> dict[str, Tensor]:
    """Return the first tensor of each stack, by its name."""
    return {next(tensor.names()): tensor for tensor in model.tensors if tensor.copies}


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_count_and_inspect_use_the_same_words(model_type: str) -> None:
    """What a name tells is what the tree says of the tensor, for every family."""
    assert FAMILIES[model_type]
    for model in FAMILIES[model_type]:
        names = _first(model)
        extra = extra_layers_of(list(names))
        read = {
            name: (component_of(name, extra), kind_of(name, len(names[name].shape)))
            for name in names
        }
        assert read == {name: (tensor.component, tensor.kind) for name, tensor in names.items()}


@pytest.mark.parametrize("model_type", GGUF)
def test_names_of_gguf_tell_the_same(model_type: str) -> None:
    """The name that the gguf library gives a tensor tells the same component and kind."""
    translation = gguf.get_tensor_name_map(GGUF[model_type], 200)
    translated = 0
    for model in FAMILIES[model_type]:
        names = _first(model)
        extra = {name.replace("model.layers", "blk") for name in extra_layers_of(list(names))}
        for name, tensor in names.items():
            # As llama.cpp's converter does it: experts in one tensor, the bare BERT, a bias.
            bare = name.removeprefix("bert.").replace("experts.0.", "experts.")
            bare = bare.replace("e_score_correction_bias", "e_score_correction.bias")
            other = translation.get_name(bare, (".weight", ".bias"))
            if other is not None:
                translated += 1
                told = component_of(other, frozenset(extra)), kind_of(other, len(tensor.shape))
                assert told == (tensor.component, tensor.kind), (name, other)
    assert translated >= 9  # embedding, four of attention, two or more hidden, two norms
