"""A Llama's sizes from a GGUF's metadata or a config.json; what is not computed is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explainer.architectures.config_file import read_config_file
from explainer.architectures.decoder import Attention, Decoder
from explainer.architectures.fields import Fields, shortened
from explainer.architectures.reading import read_sizes
from explainer.checkpoints import ModelFile, ModelFileError
from explainer.models.llama_params import LlamaConfig

GGUF_ARCHITECTURES = ("llama", "qwen2", "qwen3", "smollm3")
"""What `general.architecture` may be; Mistral and SmolLM2 call themselves llama there."""
MODEL_TYPES = ("llama", "mistral", "qwen2", "qwen3", "smollm3")
"""What `model_type` may be; SmolLM2 calls itself llama."""
_INTERLEAVED = ("llama", "smollm3")
"""Architectures whose rows llama.cpp reorders, so that neighbours turn together."""
_SMOLLM3_STEP = 4
_GUESSES = {"llama": (1e-6, 1e4), "mistral": (1e-6, 1e4), "qwen2": (1e-6, 1e4)}
_GUESSES |= {"qwen3": (1e-6, 1e4), "smollm3": (1e-6, 2e6)}
"""Epsilon and base that `transformers` assumes where a configuration is silent."""


def config_from_gguf(file: ModelFile) -> LlamaConfig:
    """Read the sizes of a GGUF model from its metadata and the names of its tensors.

    Args:
        file: From `explainer.checkpoints.read`.

    Returns:
        The sizes; the vocabulary's is that of the embedding table.

    Raises:
        ModelFileError: If a key is missing or wrong, or the model is of another kind.
    """
    try:
        return _from_metadata(file)
    except ModelFileError:
        raise
    except ValueError as error:
        raise ModelFileError(file.paths[0], str(error)) from None


def _from_metadata(file: ModelFile) -> LlamaConfig:
    kind = file.metadata.get("general.architecture")
    if kind not in GGUF_ARCHITECTURES:
        known = ", ".join(GGUF_ARCHITECTURES)
        raise ValueError(f"`general.architecture` (={shortened(kind)}) must be one of {known}")
    values = {
        key.removeprefix(f"{kind}."): value
        for key, value in file.metadata.items()
        if key.startswith(f"{kind}.")
    }
    fields = Fields(values, {})
    D, N = fields.size("embedding_length"), fields.size("attention.head_count")
    H = fields.optional_size("attention.key_length")
    if H is None:
        H = fields.divided("embedding_length", D, "attention.head_count", N)
    for key in ("attention.value_length", "rope.dimension_count"):
        if (found := fields.optional_size(key) or H) != H:
            raise ValueError(f"`{key}` (={found}) must be the width of a head (={H})")
    for key in ("expert_count", "expert_used_count"):
        if values.get(key):
            raise ValueError(f"`{key}` (={shortened(values[key])}): experts are not supported")
    held = {tensor.name: tensor for tensor in file.tensors}
    table = held.get("token_embd.weight")
    if table is None or len(table.shape) != 2:
        raise ValueError("'token_embd.weight' is missing or no table")
    L = fields.size("block_count", most=100_000)
    return LlamaConfig(
        vocab_size=table.shape[0],
        d_model=D,
        num_layers=L,
        num_heads=N,
        num_kv_heads=fields.optional_size("attention.head_count_kv") or N,
        d_head=H,
        d_ff=fields.size("feed_forward_length"),
        context_length=fields.size("context_length"),
        rope_base=_number(values, "rope.freq_base", 1e4),
        norm_epsilon=_number(values, "attention.layer_norm_rms_epsilon", None),
        interleaved=kind in _INTERLEAVED,
        rope_factors=_gguf_factors(values, H),
        unrotated_layers=_every_fourth(L) if kind == "smollm3" else (),
        window=fields.optional_size("attention.sliding_window", least=0) or None,
        tied="output.weight" not in held,
        qkv_bias=kind == "qwen2" or "blk.0.attn_q.bias" in held,
        output_bias="blk.0.attn_output.bias" in held,
        qk_norm=kind == "qwen3",
    )


def config_from_json(place: Path) -> LlamaConfig:
    """Read the sizes of a model in Hugging Face's layout.

    Args:
        place: The `config.json`.

    Returns:
        The sizes.

    Raises:
        ModelFileError: If it is missing or damaged, or the model is of another kind; the message
            names what is not supported.
    """
    try:
        return _from_values(read_config_file(place))
    except OSError as error:
        message = f"{error.strerror}; it must stand beside the weights"
        raise ModelFileError(place, message) from None
    except ValueError as error:
        raise ModelFileError(place, str(error)) from None


def _from_values(values: Mapping[str, Any]) -> LlamaConfig:
    kind = values.get("model_type")
    if kind not in MODEL_TYPES:
        known = ", ".join(MODEL_TYPES)
        raise ValueError(f"`model_type` (={shortened(kind)}) must be one of {known}")
    wanted = {"hidden_act": "silu", "mlp_bias": False, "partial_rotary_factor": 1}
    for key, only in wanted.items():
        if (value := values.get(key)) not in (None, only):
            raise ValueError(f"`{key}` (={shortened(value)}) must be {only!r}")
    if values.get("quantization_config") is not None:
        raise ValueError("`quantization_config`: only models stored as floats are supported")
    sizes = read_sizes(values)
    assert isinstance(sizes, Decoder)  # as are all of MODEL_TYPES
    attention = sizes.attention
    assert isinstance(attention, Attention)
    if sizes.tied is None:
        raise ValueError("`architectures` must name a causal language model: this has no head")
    epsilon, base = _GUESSES[kind]
    base, factors = _rotary(values, base, attention.d_head)
    fields = Fields(values, {})
    return LlamaConfig(
        vocab_size=sizes.vocab_size,
        d_model=sizes.d_model,
        num_layers=sizes.num_layers,
        num_heads=attention.num_heads,
        num_kv_heads=attention.num_kv_heads,
        d_head=attention.d_head,
        d_ff=fields.size("intermediate_size"),
        context_length=fields.size("max_position_embeddings"),
        rope_base=base,
        norm_epsilon=_number(values, "rms_norm_eps", epsilon),
        rope_factors=factors,
        unrotated_layers=_unrotated(fields, sizes.num_layers) if kind == "smollm3" else (),
        window=_window(fields, kind),
        tied=sizes.tied,
        qkv_bias=attention.qkv_bias,
        output_bias=attention.output_bias,
        qk_norm=attention.qk_norm == "head",
    )


def _number(values: Mapping[str, Any], key: str, default: float | None) -> float:
    value = values.get(key)
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"`{key}` (={shortened(value)}) must be a number")
    return float(value)


def _every_fourth(num_layers: int) -> tuple[int, ...]:
    """Return the layers of SmolLM3 without rotary positions: the fourth, and so on."""
    return tuple(range(_SMOLLM3_STEP - 1, num_layers, _SMOLLM3_STEP))


def _unrotated(fields: Fields, num_layers: int) -> tuple[int, ...]:
    stated = fields.values.get("no_rope_layers")
    if stated is None:
        step = fields.optional_size("no_rope_layer_interval") or _SMOLLM3_STEP
        return tuple(range(step - 1, num_layers, step))
    # One number a layer, 1 where it is rotated: the key's name says the opposite.
    if not isinstance(stated, list) or len(stated) != num_layers or set(stated) - {0, 1}:
        raise ValueError(f"`no_rope_layers` (={shortened(stated)}) must be 0 or 1 for each layer")
    return tuple(layer for layer, turned in enumerate(stated) if not turned)


def _window(fields: Fields, kind: str) -> int | None:
    if kind == "mistral":
        # `transformers` assumes a window where the key is missing, and none where it is null.
        if "sliding_window" not in fields.values:
            return 4096
        return fields.optional_size("sliding_window")
    if fields.flag("use_sliding_window"):
        raise ValueError("`use_sliding_window` (=True): windows in some layers are not supported")
    return None


def _gguf_factors(values: Mapping[str, Any], d_head: int) -> tuple[float, ...]:
    kind = values.get("rope.scaling.type", "none")
    if kind == "none":
        return ()
    if kind != "linear":
        raise ValueError(f"`rope.scaling.type` (={shortened(kind)}) must be 'none' or 'linear'")
    return _positive(_number(values, "rope.scaling.factor", None), "rope.scaling.factor", d_head)


def _positive(factor: float, key: str, d_head: int) -> tuple[float, ...]:
    if factor <= 0:
        raise ValueError(f"`{key}` (={factor}) must be above 0")
    return (factor,) * (d_head // 2)


def _rotary(values: Mapping[str, Any], base: float, d_head: int) -> tuple[float, tuple[float, ...]]:
    """Return the base and what each frequency is divided by, old keys or new."""
    stated = values.get("rope_parameters")
    scaling = values.get("rope_scaling") if stated is None else stated
    scaling = {} if scaling is None else scaling
    if not isinstance(scaling, Mapping):
        raise ValueError(f"`rope_scaling` (={shortened(scaling)}) must be an object")
    base = _number({**values, **scaling}, "rope_theta", base)
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    if kind == "default":
        return base, ()
    if kind == "linear":
        return base, _positive(_number(scaling, "factor", None), "factor", d_head)
    if kind == "llama3":
        return base, _llama3_factors(scaling, base, d_head)
    raise ValueError(
        f"`rope_type` (={shortened(kind)}) must be one of 'default', 'linear', 'llama3'"
    )


def _llama3_factors(scaling: Mapping[str, Any], base: float, d_head: int) -> tuple[float, ...]:
    """Divide slow frequencies by `factor`, leave fast ones, and blend in between (Llama 3.1)."""
    low, high = (_number(scaling, f"{end}_freq_factor", None) for end in ("low", "high"))
    factor = _number(scaling, "factor", None)
    context = _number(scaling, "original_max_position_embeddings", None)
    if not (0 < low < high and factor > 0 and context > 0):
        raise ValueError("`rope_scaling` must have 0 < low_freq_factor < high_freq_factor")
    factors = []
    for pair in range(d_head // 2):
        turns = context * base ** (-2 * pair / d_head) / (2 * math.pi)  # within the context
        kept = min(max((turns - low) / (high - low), 0.0), 1.0)
        factors.append(1 / (kept + (1 - kept) / factor))
    return tuple(factors)
