"""Mixtures of experts and latent attention, read from the keys of each family's configuration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from explainer.architectures.decoder import Experts, LatentAttention
from explainer.architectures.fields import Fields


def latent_attention(fields: Fields, num_heads: int) -> LatentAttention:
    """Return DeepSeek's multi-head latent attention."""
    return LatentAttention(
        num_heads=num_heads,
        q_rank=fields.optional_size("q_lora_rank"),
        kv_rank=fields.size("kv_lora_rank"),
        d_nope=fields.size("qk_nope_head_dim"),
        d_rope=fields.size("qk_rope_head_dim"),
        d_value=fields.size("v_head_dim"),
        bias=fields.flag("attention_bias"),
    )


def mixtral_experts(fields: Fields, num_layers: int) -> Experts:
    """Return Mixtral's experts: every layer, hidden width `intermediate_size`."""
    experts = _routed(fields, range(num_layers), "num_local_experts", "intermediate_size")
    return replace(experts, block="block_sparse_moe", names=("w1", "w3", "w2"))


def olmoe_experts(fields: Fields, num_layers: int) -> Experts:
    """Return OLMoE's experts: as Mixtral's, under other names."""
    return _routed(fields, range(num_layers), "num_experts", "intermediate_size")


def gpt_oss_experts(fields: Fields, num_layers: int) -> Experts:
    """Return gpt-oss's experts: stacked in one tensor a layer, with biases."""
    experts = _routed(fields, range(num_layers), "num_local_experts", "intermediate_size")
    return replace(experts, router="router", stacked=True)


def qwen_experts(fields: Fields, num_layers: int) -> Experts | None:
    """Return Qwen3's experts: every `decoder_sparse_step`-th layer but the `mlp_only_layers`."""
    if fields.optional_size("num_experts", "num_local_experts", least=0) == 0:
        return None
    step = fields.size("decoder_sparse_step")
    dense = fields.indices("mlp_only_layers", below=num_layers)
    layers = (i for i in range(num_layers) if i not in dense and (i + 1) % step == 0)
    return _routed(fields, layers, "num_experts", "moe_intermediate_size")


def qwen_shared_experts(fields: Fields, num_layers: int) -> Experts | None:
    """Return Qwen1.5's and Qwen2's experts: beside the routed ones, one that a gate scales."""
    experts = qwen_experts(fields, num_layers)
    if experts is None:
        return None
    shared = fields.size("shared_expert_intermediate_size")
    return replace(experts, d_ff_shared=shared, shared_name="shared_expert", shared_gate=True)


def deepseek_experts(fields: Fields, num_layers: int, *, correction: bool) -> Experts | None:
    """Return DeepSeek's experts: all layers but the first few, with shared experts."""
    if not fields.optional_size("n_routed_experts", "num_local_experts", least=0):
        return None
    frequency = fields.optional_size("moe_layer_freq")
    if frequency not in (None, 1):
        raise ValueError(f"`moe_layer_freq` (={frequency}) must be 1; others are not supported")
    first = fields.size("first_k_dense_replace", least=0)
    experts = _routed(fields, range(first, num_layers), "n_routed_experts", "moe_intermediate_size")
    shared = fields.optional_size("n_shared_experts", least=0) or 0
    return replace(experts, d_ff_shared=shared * experts.d_ff, correction=correction)


ALIASES = {
    "num_local_experts": ("num_local_experts", "num_experts"),
    "num_experts": ("num_experts", "num_local_experts"),
    "n_routed_experts": ("n_routed_experts", "num_local_experts"),
}


def _routed(fields: Fields, layers: Iterable[int], count_key: str, width_key: str) -> Experts:
    """Return routed experts, with the number used per token checked against their number."""
    E = fields.size(*ALIASES[count_key], most=1_000_000)
    k = fields.size("num_experts_per_tok", "experts_per_token")
    if k > E:
        raise ValueError(f"`num_experts_per_tok` (={k}) must be at most `{count_key}` (={E})")
    return Experts(tuple(layers), num_experts=E, num_per_token=k, d_ff=fields.size(width_key))
