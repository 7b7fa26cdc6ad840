"""What sets one family of decoders apart from another, a row each.

Names and defaults are those of the families' configurations and models in `transformers` 5.23.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from explainer.architectures.decoder import Experts, LatentAttention
from explainer.architectures.fields import Fields
from explainer.architectures.mixtures import (
    deepseek_experts,
    gpt_oss_experts,
    latent_attention,
    mixtral_experts,
    olmoe_experts,
    qwen_experts,
    qwen_shared_experts,
)

LAYER_NORMS = ("input_layernorm", "post_attention_layernorm")
GATED = ("gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True)
class Family:
    """How the layers of a family differ from those of Llama.

    A bias is True, False, or the name of the key that decides it.
    """

    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What `transformers` assumes for keys that a configuration leaves out."""
    qkv_bias: bool | str = False
    output_bias: bool | str = False
    feed_forward_bias: bool | str = False
    qk_norm: Literal["none", "head", "all", "each"] = "none"
    qk_norm_key: str | None = None
    """Key that switches the norm of queries and keys on; None where it is always there."""
    qk_norm_bias: bool = False
    qk_norm_names: tuple[str, str] = ("q_norm", "k_norm")
    sinks: bool = False
    fused_attention: bool = False
    output_name: str = "o_proj"
    feed_forward_names: tuple[str, ...] = GATED
    fused_feed_forward: bool = False
    norms: tuple[str, ...] = LAYER_NORMS
    single_norm_key: str | None = None
    """Key that, when true, leaves only the first norm of a layer."""
    norm_bias: bool = False
    final_norm: str | None = "norm"
    head_bias: bool = False
    latent: Callable[[Fields, int], LatentAttention] | None = None
    experts: Callable[[Fields, int], Experts | None] | None = None
    predicts_further: bool = False
    """Whether checkpoints carry layers of multi-token prediction."""


def _sizes(V: int, D: int, F: int, L: int, N: int, K: int | None, **more: Any) -> dict[str, Any]:
    """Return defaults under their names in a configuration."""
    sizes = {"vocab_size": V, "hidden_size": D, "intermediate_size": F}
    sizes |= {"num_hidden_layers": L, "num_attention_heads": N}
    return sizes | ({} if K is None else {"num_key_value_heads": K}) | more


GEMMA_NORMS = (*LAYER_NORMS, "pre_feedforward_layernorm", "post_feedforward_layernorm")
OLMO_NORMS = ("post_attention_layernorm", "post_feedforward_layernorm")
GLM_NORMS = (*LAYER_NORMS, "post_self_attn_layernorm", "post_mlp_layernorm")
BIAS = "attention_bias"
"""Key that gives biases to queries, keys and values, and in most families to the output."""
TIED = {"tie_word_embeddings": True}

_OLMO = Family(
    _sizes(50304, 4096, 11008, 32, 32, None),
    qkv_bias=BIAS,
    output_bias=BIAS,
    qk_norm="all",
    norms=OLMO_NORMS,
)
_DEEPSEEK = Family(
    _sizes(129280, 7168, 18432, 61, 128, None, n_shared_experts=1, first_k_dense_replace=3)
    | {"q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "v_head_dim": 128}
    | {"qk_rope_head_dim": 64, "num_nextn_predict_layers": 1, "moe_intermediate_size": 2048}
    | {"n_routed_experts": 256, "num_experts_per_tok": 8},
    latent=latent_attention,
    experts=lambda fields, layers: deepseek_experts(fields, layers, correction=True),
    predicts_further=True,
)
_GLM = _sizes(151552, 4096, 13696, 40, 32, 2, head_dim=128, attention_bias=True)
_QWEN_MOE = {"decoder_sparse_step": 1, "num_experts_per_tok": 8}

DECODERS: dict[str, Family] = {
    "llama": Family(
        _sizes(32000, 4096, 11008, 32, 32, None),
        feed_forward_bias="mlp_bias",
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "mistral": Family(_sizes(32000, 4096, 14336, 32, 32, 8)),
    "ministral": Family(_sizes(32000, 4096, 14336, 32, 32, 8)),
    "ministral3": Family(_sizes(131072, 4096, 14336, 34, 32, 8, head_dim=128)),
    "mixtral": Family(
        _sizes(32000, 4096, 14336, 32, 32, 8, num_local_experts=8, num_experts_per_tok=2),
        experts=mixtral_experts,
    ),
    "qwen2": Family(_sizes(151936, 4096, 22016, 32, 32, 32), qkv_bias=True),
    "qwen2_moe": Family(
        _sizes(151936, 2048, 5632, 24, 16, 16, qkv_bias=True, num_experts=60)
        | {"decoder_sparse_step": 1, "moe_intermediate_size": 1408, "num_experts_per_tok": 4}
        | {"shared_expert_intermediate_size": 5632},
        qkv_bias="qkv_bias",
        experts=qwen_shared_experts,
    ),
    "qwen3": Family(
        _sizes(151936, 4096, 22016, 32, 32, 32, head_dim=128),
        qk_norm="head",
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "qwen3_moe": Family(
        _sizes(151936, 2048, 6144, 24, 32, 4, num_experts=128, moe_intermediate_size=768)
        | _QWEN_MOE,
        qk_norm="head",
        experts=qwen_experts,
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "gemma": Family(
        _sizes(256000, 3072, 24576, 28, 16, 16, head_dim=256) | TIED,
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "gemma2": Family(
        _sizes(256000, 2304, 9216, 26, 8, 4, head_dim=256) | TIED,
        norms=GEMMA_NORMS,
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "gemma3_text": Family(
        _sizes(262208, 2304, 9216, 26, 8, 4, head_dim=256) | TIED,
        norms=GEMMA_NORMS,
        qk_norm="head",
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "phi": Family(
        _sizes(51200, 2048, 8192, 24, 32, None),
        qkv_bias=True,
        output_bias=True,
        feed_forward_bias=True,
        qk_norm="head",
        qk_norm_key="qk_layernorm",
        qk_norm_bias=True,
        qk_norm_names=("q_layernorm", "k_layernorm"),
        output_name="dense",
        feed_forward_names=("fc1", "fc2"),
        norms=("input_layernorm",),
        norm_bias=True,
        final_norm="final_layernorm",
        head_bias=True,
    ),
    "phi3": Family(
        _sizes(32064, 3072, 8192, 32, 32, None), fused_attention=True, fused_feed_forward=True
    ),
    "gpt_oss": Family(
        _sizes(201088, 2880, 2880, 36, 64, 8, head_dim=64, attention_bias=True)
        | {"num_local_experts": 128, "num_experts_per_tok": 4},
        sinks=True,
        experts=gpt_oss_experts,
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "deepseek_v2": Family(
        _sizes(102400, 4096, 11008, 32, 32, None, n_shared_experts=2, first_k_dense_replace=0)
        | {"q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "v_head_dim": 128}
        | {"qk_rope_head_dim": 64, "moe_intermediate_size": 1407, "n_routed_experts": 64},
        latent=latent_attention,
        experts=lambda fields, layers: deepseek_experts(fields, layers, correction=False),
    ),
    "deepseek_v3": _DEEPSEEK,
    "kimi_k2": _DEEPSEEK,
    "smollm3": Family(
        _sizes(128256, 2048, 11008, 36, 16, 4) | TIED,
        feed_forward_bias="mlp_bias",
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "olmo": Family(
        _sizes(50304, 4096, 11008, 32, 32, None),
        norms=(),
        final_norm=None,
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "olmo2": _OLMO,
    "olmo3": _OLMO,
    "olmoe": Family(
        _sizes(50304, 2048, 2048, 16, 16, None, num_experts=64, num_experts_per_tok=8),
        qk_norm="all",
        experts=olmoe_experts,
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "granite": Family(
        _sizes(32000, 4096, 11008, 32, 32, None),
        feed_forward_bias="mlp_bias",
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "stablelm": Family(
        _sizes(50304, 2560, 6912, 32, 32, 32),
        qkv_bias="use_qkv_bias",
        qk_norm="each",
        qk_norm_key="qk_layernorm",
        qk_norm_names=("q_layernorm.norms.{expert}", "k_layernorm.norms.{expert}"),
        norm_bias=True,
        single_norm_key="use_parallel_residual",
    ),
    "starcoder2": Family(
        _sizes(49152, 3072, 12288, 30, 24, 2, use_bias=True) | TIED,
        qkv_bias="use_bias",
        output_bias="use_bias",
        feed_forward_bias="use_bias",
        feed_forward_names=("c_fc", "c_proj"),
        norm_bias=True,
    ),
    "cohere": Family(
        _sizes(256000, 8192, 22528, 40, 64, None) | TIED,
        norms=("input_layernorm",),
        qk_norm="each",
        qk_norm_key="use_qk_norm",
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "cohere2": Family(
        _sizes(256000, 8192, 22528, 40, 64, None) | TIED,
        norms=("input_layernorm",),
        qkv_bias=BIAS,
        output_bias=BIAS,
    ),
    "glm": Family(_GLM, qkv_bias=BIAS, fused_feed_forward=True),
    "glm4": Family(_GLM, qkv_bias=BIAS, fused_feed_forward=True, norms=GLM_NORMS),
    "glm4_moe": Family(
        _sizes(151552, 4096, 10944, 46, 96, 8, n_shared_experts=1, first_k_dense_replace=1)
        | {"moe_intermediate_size": 1408, "n_routed_experts": 128, "num_experts_per_tok": 8},
        qkv_bias=BIAS,
        qk_norm="head",
        qk_norm_key="use_qk_norm",
        experts=lambda fields, layers: deepseek_experts(fields, layers, correction=True),
    ),
    "ernie4_5": Family(
        _sizes(103424, 1024, 3072, 18, 16, 2, head_dim=128) | TIED,
        qkv_bias="use_bias",
        output_bias="use_bias",
        feed_forward_bias="use_bias",
    ),
}
"""Decoder families by `model_type`."""
