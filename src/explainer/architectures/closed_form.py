r"""Parameters of a decoder by component, as formulas over its sizes.

Nothing here looks at a tensor: the formulas and the tree are two ways to the same integers.
"""

from __future__ import annotations

from explainer.architectures.decoder import Attention, Decoder, Experts, LatentAttention
from explainer.parameters import (
    attention_parameters,
    embedding_parameters,
    feed_forward_parameters,
    norm_parameters,
)


def decoder_components(spec: Decoder) -> dict[str, int]:
    r"""Return parameters by component, with `buffers` as an entry of their own.

    Attention $DNH + 2DKH + NHD$, feed-forward $3DF$ (gated) or $2DF$, experts $3EDF$, router $ED$,
    embedding and untied head $VD$ each, over as many layers as have them, and biases where the
    family has them.

    Args:
        spec: The sizes of a decoder.

    Returns:
        Exact integers, without components that are empty.

    Examples:
        >>> from explainer.architectures import known_config
        >>> from explainer.architectures.reading import read_sizes
        >>> decoder_components(read_sizes(known_config("llama-2-7b")))["attention"]
        2147483648

    References:
        Touvron et al. 2023, LLaMA, section 2.2. DeepSeek-AI 2024, DeepSeek-V3 Technical Report,
        section 2.1.
    """
    D, V, L = spec.d_model, spec.vocab_size, spec.num_layers
    counts = {"embedding": embedding_parameters(V, D), "attention": L * _attention(spec)}
    if spec.feed_forward is not None:
        dense = spec.feed_forward
        one = feed_forward_parameters(D, dense.d_ff, gated=dense.gated, bias=dense.bias)
        counts["feed_forward"] = len(spec.dense_layers) * one
    sparse = len(spec.experts.layers) if spec.experts else 0
    if spec.experts is not None:
        one_layer = _experts(spec.experts, D)
        counts |= {component: sparse * count for component, count in one_layer.items()}
    counts["norm"] = L * _norms(spec)
    if spec.final_norm is not None:
        counts["norm"] += norm_parameters(D, bias=spec.norm_bias)
    if spec.tied is not None:
        counts["head"] = (0 if spec.tied else D * V) + (V if spec.head_bias else 0)
    if spec.prediction_layers and spec.experts is not None:
        ends = 2 * V * D if spec.prediction_ends else 0
        experts = _experts(spec.experts, D)
        buffers = experts.pop("buffers", 0)
        layer = _attention(spec) + _norms(spec) + sum(experts.values())
        extra = 2 * D * D + 3 * D + ends
        counts["multi_token_prediction"] = spec.prediction_layers * (layer + extra)
        counts["buffers"] = counts.get("buffers", 0) + spec.prediction_layers * buffers
    return {component: count for component, count in counts.items() if count}


def _attention(spec: Decoder) -> int:
    """Return the parameters of one attention layer, its norms not counted."""
    D, a = spec.d_model, spec.attention
    if isinstance(a, LatentAttention):
        return _latent_attention(a, D)
    matrices = attention_parameters(
        D, a.num_heads, num_kv_heads=a.num_kv_heads, d_head=a.d_head, bias=False
    )
    biases = (a.d_queries + 2 * a.d_keys if a.qkv_bias else 0) + (D if a.output_bias else 0)
    return matrices + biases + (a.num_heads if a.sinks else 0)


def _latent_attention(a: LatentAttention, D: int) -> int:
    r"""Return MLA's $D r_q + r_q N(H_n+H_r) + D(r_{kv}+H_r) + r_{kv}N(H_n+H_v) + NH_vD$."""
    N, d_query = a.num_heads, a.d_nope + a.d_rope
    queries = D * N * d_query if a.q_rank is None else a.q_rank * (D + N * d_query)
    keys = D * (a.kv_rank + a.d_rope) + a.kv_rank * N * (a.d_nope + a.d_value)
    biases = (a.q_rank or 0) + a.kv_rank + a.d_rope + D if a.bias else 0
    return queries + keys + N * a.d_value * D + biases


def _norms(spec: Decoder) -> int:
    """Return the norm parameters of one layer, those inside attention included."""
    count = len(spec.norms) * spec.d_model * (2 if spec.norm_bias else 1)
    a = spec.attention
    if isinstance(a, LatentAttention):
        return count + (a.q_rank or 0) + a.kv_rank
    return count + _qk_norms(a)


def _qk_norms(a: Attention) -> int:
    heads = {"none": 0, "head": 2, "all": a.num_heads + a.num_kv_heads}
    gains = heads.get(a.qk_norm, a.num_heads + a.num_kv_heads) * a.d_head
    return gains * (2 if a.qk_norm_bias else 1)


def _experts(e: Experts, D: int) -> dict[str, int]:
    """Return the parameters of one layer's experts, shared experts and router."""
    E, F = e.num_experts, e.d_ff
    gate = D if e.shared_gate else 0
    counts = {"router": E * D + gate, "experts": 3 * E * D * F, "shared_experts": 0}
    if e.stacked:
        counts["router"] += E
        counts["experts"] += E * (2 * F + D)
    counts["shared_experts"] = 3 * D * e.d_ff_shared
    if e.correction:
        counts["buffers"] = E
    return counts
