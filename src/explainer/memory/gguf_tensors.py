"""The tensors that llama.cpp's converter makes of a model, from its architecture alone.

Names are translated, DeepSeek's up-projection of keys and values is cut in two, experts of a layer
become one tensor, and what a GGUF keeps in float32 whatever the mixture is marked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from explainer.architectures import Tensor, architecture, read_config
from explainer.architectures.bart import BART
from explainer.architectures.decoder import Attention, Decoder, LatentAttention
from explainer.architectures.reading import read_sizes

Role = Literal[
    "embedding",
    "head",
    "query",
    "key",
    "value",
    "query_key_value",
    "attention_output",
    "gate",
    "up",
    "down",
    "other",
    "untouched",
]
"""What llama.cpp's rules tell apart; `untouched` stays in float32."""

_ROLES: dict[str, Role] = {
    **dict.fromkeys(("q_proj", "query"), "query"),
    **dict.fromkeys(("k_proj", "key"), "key"),
    **dict.fromkeys(("v_proj", "value"), "value"),
    **dict.fromkeys(("qkv_proj", "c_attn"), "query_key_value"),
    **dict.fromkeys(("gate_proj", "w1"), "gate"),
    # Where gate and up are one matrix, the file keeps it whole and calls it up.
    **dict.fromkeys(("up_proj", "w3", "fc1", "c_fc", "intermediate.dense", "gate_up_proj"), "up"),
}
_ENDS: dict[str, Role] = {"attention": "attention_output", "feed_forward": "down"}
_LATENT = ("q_a_proj", "q_b_proj", "kv_a_proj_with_mqa")
_DROPPED = ("pooler.", "cls.")
_NO_GGUF = ("bart", "mbart")


@dataclass(frozen=True)
class GGUFTensor:
    """A tensor of a GGUF file, or one for each of several layers."""

    role: Role
    component: str
    row: int
    """Elements along a row; a block never leaves its row."""
    rows: int
    """Rows of one layer's tensor, all experts together."""
    layers: tuple[int, ...] | None = None
    stacked: bool = False
    """Whether it has a third axis, as the experts of a layer have."""

    @property
    def elements(self) -> int:
        """Return the elements of one layer's tensor."""
        return self.row * self.rows


@dataclass(frozen=True)
class GGUFModel:
    """What the rules of a mixture look at."""

    name: str
    tensors: tuple[GGUFTensor, ...]
    parameters: int
    num_layers: int
    queries_per_key: int
    """Query heads that share a key; 1 without grouped-query attention."""
    num_experts: int
    has_head: bool
    """Whether the file holds an output matrix; where not, the embedding serves as one."""
    is_70b: bool
    """Whether llama.cpp takes it for a model of 70 B: a Llama or Qwen2 of eighty layers."""


def gguf_model(source: str | Mapping[str, Any]) -> GGUFModel:
    """Return the tensors of a model's GGUF file and what decides their types.

    Args:
        source: A known name, the path of a `config.json`, or its object.

    Returns:
        The tensors as the converter of llama.cpp (2025) writes them, nothing of what it drops:
        a BERT's pooler and heads, layers of multi-token prediction.

    Raises:
        ValueError: If there is no GGUF for the architecture, or the configuration is at fault.

    Examples:
        >>> gguf_model("llama-3.1-8b").queries_per_key
        4
    """
    config = read_config(source)
    model, sizes = architecture(source), read_sizes(config)
    kind = str((config.get("text_config") or config).get("model_type") or model.model_type)
    if kind in _NO_GGUF:
        raise ValueError(
            f"`model_type` (={kind!r}) must be an architecture of llama.cpp; it has no GGUF, "
            "choose a format such as bf16"
        )
    found = [part for tensor in model.tensors for part in _parts(tensor, kind, sizes)]
    attention = sizes.attention if isinstance(sizes, Decoder) else None
    shared = 1
    if isinstance(attention, Attention):
        shared = attention.num_heads // attention.num_kv_heads
    assert not isinstance(sizes, BART)  # refused above
    layers = sizes.num_layers
    grouped = shared > 1 or kind != "llama"
    return GGUFModel(
        name=model.name,
        tensors=(*found, *_rope(config, attention)),
        parameters=model.total,
        num_layers=layers,
        queries_per_key=shared,
        num_experts=sizes.experts.num_experts
        if isinstance(sizes, Decoder) and sizes.experts
        else 0,
        has_head=any(part.role == "head" for part in found),
        is_70b=kind in ("llama", "mistral", "qwen2") and layers == 80 and grouped,
    )


def _parts(tensor: Tensor, kind: str, sizes: Any) -> Iterator[GGUFTensor]:
    """Yield what becomes of one tensor."""
    if tensor.name.removeprefix("bert.").startswith(_DROPPED):
        return
    copies = tensor.experts
    row = tensor.shape[-1]
    rows = math.prod(tensor.shape[:-1]) * copies
    role = _role(tensor)
    if tensor.component == "experts" and len(tensor.shape) == 3 and tensor.kind == "weights":
        yield from _stacked(tensor, role)
        return
    if kind == "gpt2" and tensor.layers is not None and len(tensor.shape) == 2:
        row, rows = rows, row  # stored as [d_in, d_out]: the converter turns it
    if tensor.name.endswith("kv_b_proj.weight"):
        a: LatentAttention = sizes.attention
        heads = (a.d_nope, a.kv_rank * a.num_heads), (a.kv_rank, a.d_value * a.num_heads)
        for part_row, part_rows in heads:
            yield GGUFTensor("other", "attention", part_row, part_rows, tensor.layers, True)
        return
    yield GGUFTensor(role, tensor.component, row, rows, tensor.layers, copies > 1)


def _stacked(tensor: Tensor, role: Role) -> Iterator[GGUFTensor]:
    """Yield gpt-oss's experts, stored (experts, in, out); gate and up become two tensors."""
    E, d_in, d_out = tensor.shape
    parts: tuple[Role, ...] = ("gate", "up") if role == "up" else (role,)
    for part in parts:
        yield GGUFTensor(part, "experts", d_in, E * d_out // len(parts), tensor.layers, True)


def _role(tensor: Tensor) -> Role:
    """Return what a tensor is to the rules."""
    if tensor.kind != "weights" or tensor.component == "router":
        return "untouched"
    name = tensor.name.removesuffix(".weight")
    if tensor.component == "embedding":
        table = name.endswith(("embed_tokens", "wte", "word_embeddings"))
        return "embedding" if table else "untouched"
    if tensor.component == "head":
        return "head"
    for end, role in _ROLES.items():
        if name.endswith(end):
            return role
    return "other" if name.endswith(_LATENT) else _ENDS.get(tensor.component, "down")


def _rope(config: Mapping[str, Any], attention: object) -> Iterator[GGUFTensor]:
    """Yield Llama 3's divisors of rotary frequencies, where the configuration names them."""
    scaling = config.get("rope_scaling") or config.get("rope_parameters")
    if isinstance(scaling, Mapping) and isinstance(attention, Attention):
        kind = scaling.get("rope_type", scaling.get("type"))
        if kind == "llama3":
            yield GGUFTensor("untouched", "constants", attention.d_head // 2, 1)
        elif kind == "longrope":
            yield GGUFTensor("untouched", "constants", attention.d_head // 2, 2)
