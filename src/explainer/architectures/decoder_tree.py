"""The tensors of a decoder, named as Hugging Face checkpoints name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explainer.architectures.decoder import (
    Attention,
    Decoder,
    Experts,
    FeedForward,
    LatentAttention,
)
from explainer.architectures.tensors import Tensor


def decoder_tensors(spec: Decoder) -> tuple[Tensor, ...]:
    """Return every tensor of a decoder, in the order in which a token meets them."""
    return tuple(_tensors(spec))


def _tensors(spec: Decoder) -> Iterator[Tensor]:
    D, V = spec.d_model, spec.vocab_size
    yield Tensor("model.embed_tokens.weight", (V, D), "embedding")
    every = tuple(range(spec.num_layers))
    yield from _inside(_layer(spec), every)
    if spec.feed_forward is not None and spec.dense_layers:
        yield from _inside(_feed_forward(spec.feed_forward, D), spec.dense_layers)
    if spec.experts is not None and spec.experts.layers:
        yield from _inside(_experts(spec.experts, D), spec.experts.layers)
    if spec.final_norm is not None:
        yield from norm(f"model.{spec.final_norm}", D, bias=spec.norm_bias)
    if spec.tied is False:
        yield Tensor("lm_head.weight", (V, D), "head")
    if spec.tied is not None and spec.head_bias:
        yield Tensor("lm_head.bias", (V,), "head", "biases")
    if spec.prediction_layers:
        yield from _multi_token_prediction(spec)


def linear(name: str, d_in: int, d_out: int, component: str, *, bias: bool) -> Iterator[Tensor]:
    """Yield a linear layer, stored as `[d_out, d_in]`."""
    yield Tensor(f"{name}.weight", (d_out, d_in), component)
    if bias:
        yield Tensor(f"{name}.bias", (d_out,), component, "biases")


def norm(name: str, *shape: int, bias: bool) -> Iterator[Tensor]:
    """Yield a norm: gains, and in LayerNorm biases."""
    yield Tensor(f"{name}.weight", shape, "norm", "gains")
    if bias:
        yield Tensor(f"{name}.bias", shape, "norm", "biases")


def _inside(tensors: Iterator[Tensor], layers: tuple[int, ...]) -> Iterator[Tensor]:
    """Stack the tensors of one layer over `layers`."""
    for tensor in tensors:
        yield replace(tensor, name="model.layers.{layer}." + tensor.name, layers=layers)


def _layer(spec: Decoder) -> Iterator[Tensor]:
    """Yield what every layer has: its norms and its attention."""
    for name in spec.norms:
        yield from norm(name, spec.d_model, bias=spec.norm_bias)
    if isinstance(spec.attention, LatentAttention):
        yield from _latent_attention(spec.attention, spec.d_model)
    else:
        yield from _attention(spec.attention, spec.d_model)


def _attention(a: Attention, D: int) -> Iterator[Tensor]:
    q, k = a.d_queries, a.d_keys
    parts = {"qkv_proj": q + 2 * k} if a.fused else {"q_proj": q, "k_proj": k, "v_proj": k}
    for name, width in parts.items():
        yield from linear(f"self_attn.{name}", D, width, "attention", bias=a.qkv_bias)
    yield from linear(f"self_attn.{a.output_name}", q, D, "attention", bias=a.output_bias)
    if a.sinks:
        yield Tensor("self_attn.sinks", (a.num_heads,), "attention", "biases")
    if a.qk_norm != "none":
        for name, heads in zip(a.qk_norm_names, (a.num_heads, a.num_kv_heads), strict=True):
            shapes = {"head": (a.d_head,), "all": (heads * a.d_head,), "each": (heads, a.d_head)}
            shape, copies = shapes[a.qk_norm], 1
            if "{expert}" in name:  # one tensor a head
                shape, copies = (a.d_head,), heads
            for tensor in norm(f"self_attn.{name}", *shape, bias=a.qk_norm_bias):
                yield replace(tensor, experts=copies)


def _latent_attention(a: LatentAttention, D: int) -> Iterator[Tensor]:
    N, d_query = a.num_heads, a.d_nope + a.d_rope
    if a.q_rank is None:
        yield from linear("self_attn.q_proj", D, N * d_query, "attention", bias=False)
    else:
        yield from linear("self_attn.q_a_proj", D, a.q_rank, "attention", bias=a.bias)
        yield from norm("self_attn.q_a_layernorm", a.q_rank, bias=False)
        yield from linear("self_attn.q_b_proj", a.q_rank, N * d_query, "attention", bias=False)
    latent = a.kv_rank + a.d_rope
    yield from linear("self_attn.kv_a_proj_with_mqa", D, latent, "attention", bias=a.bias)
    yield from norm("self_attn.kv_a_layernorm", a.kv_rank, bias=False)
    expanded = N * (a.d_nope + a.d_value)
    yield from linear("self_attn.kv_b_proj", a.kv_rank, expanded, "attention", bias=False)
    yield from linear("self_attn.o_proj", N * a.d_value, D, "attention", bias=a.bias)


def _feed_forward(f: FeedForward, D: int) -> Iterator[Tensor]:
    *hidden, down = f.names
    widths = {"gate_up_proj": 2 * f.d_ff} if f.fused else dict.fromkeys(hidden, f.d_ff)
    for name, width in widths.items():
        yield from linear(f"mlp.{name}", D, width, "feed_forward", bias=f.bias)
    yield from linear(f"mlp.{down}", f.d_ff, D, "feed_forward", bias=f.bias)


def _experts(e: Experts, D: int) -> Iterator[Tensor]:
    """Yield router, shared experts and routed experts of one layer."""
    E, F = e.num_experts, e.d_ff
    yield from linear(f"{e.block}.{e.router}", D, E, "router", bias=e.stacked)
    if e.correction:
        name = f"{e.block}.{e.router}.e_score_correction_bias"
        yield Tensor(name, (E,), "router", "buffers")
    if e.shared_gate:
        yield Tensor(f"{e.block}.{e.shared_name}_gate.weight", (1, D), "router")
    gate, up, down = e.names
    if e.d_ff_shared:
        for name, shape in _gated(gate, up, down, D, e.d_ff_shared):
            shared = f"{e.block}.{e.shared_name}.{name}.weight"
            yield Tensor(shared, shape, "shared_experts")
    chosen = (e.num_per_token, E)
    if e.stacked:
        at = f"{e.block}.experts"
        yield Tensor(f"{at}.gate_up_proj", (E, D, 2 * F), "experts", routed=chosen)
        yield Tensor(f"{at}.gate_up_proj_bias", (E, 2 * F), "experts", "biases", routed=chosen)
        yield Tensor(f"{at}.down_proj", (E, F, D), "experts", routed=chosen)
        yield Tensor(f"{at}.down_proj_bias", (E, D), "experts", "biases", routed=chosen)
        return
    for name, shape in _gated(gate, up, down, D, F):
        one = f"{e.block}.experts.{{expert}}.{name}.weight"
        yield Tensor(one, shape, "experts", experts=E, routed=chosen)


def _gated(
    gate: str, up: str, down: str, D: int, F: int
) -> tuple[tuple[str, tuple[int, int]], ...]:
    return (gate, (F, D)), (up, (F, D)), (down, (D, F))


def _multi_token_prediction(spec: Decoder) -> Iterator[Tensor]:
    """Yield the layers that predict further tokens; they are numbered after the others."""
    D, V = spec.d_model, spec.vocab_size
    layers = tuple(range(spec.num_layers, spec.num_layers + spec.prediction_layers))
    assert spec.experts is not None
    parts = [*_layer(spec), *_experts(spec.experts, D)]
    parts += linear("eh_proj", 2 * D, D, "multi_token_prediction", bias=False)
    for name in ("enorm", "hnorm", "shared_head.norm"):
        parts += norm(name, D, bias=False)
    if spec.prediction_ends:
        parts.append(Tensor("embed_tokens.weight", (V, D), "multi_token_prediction"))
        parts.append(Tensor("shared_head.head.weight", (V, D), "multi_token_prediction"))
    for tensor in _inside(iter(parts), layers):
        yield replace(tensor, component="multi_token_prediction")
