"""A Llama's parameters from its file: every tensor checked by name and shape, then read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import Array

from explainer.checkpoints import ModelFile, ModelFileError, StoredTensor, read_tensor
from explainer.models.llama_params import Block, LlamaConfig, LlamaParams, expected_shapes

_NAMES = {
    # parameter: (name in a GGUF, name in Hugging Face's layout)
    "embedding": ("token_embd.weight", "model.embed_tokens.weight"),
    "norm": ("output_norm.weight", "model.norm.weight"),
    "head": ("output.weight", "lm_head.weight"),
}
_NAMES_IN_LAYER = {
    "attention_norm": ("attn_norm.weight", "input_layernorm.weight"),
    "query": ("attn_q.weight", "self_attn.q_proj.weight"),
    "key": ("attn_k.weight", "self_attn.k_proj.weight"),
    "value": ("attn_v.weight", "self_attn.v_proj.weight"),
    "output": ("attn_output.weight", "self_attn.o_proj.weight"),
    "feed_norm": ("ffn_norm.weight", "post_attention_layernorm.weight"),
    "gate": ("ffn_gate.weight", "mlp.gate_proj.weight"),
    "up": ("ffn_up.weight", "mlp.up_proj.weight"),
    "down": ("ffn_down.weight", "mlp.down_proj.weight"),
    "query_bias": ("attn_q.bias", "self_attn.q_proj.bias"),
    "key_bias": ("attn_k.bias", "self_attn.k_proj.bias"),
    "value_bias": ("attn_v.bias", "self_attn.v_proj.bias"),
    "output_bias": ("attn_output.bias", "self_attn.o_proj.bias"),
    "query_gain": ("attn_q_norm.weight", "self_attn.q_norm.weight"),
    "key_gain": ("attn_k_norm.weight", "self_attn.k_norm.weight"),
}
_PREFIXES = ("blk.{layer}.", "model.layers.{layer}.")
_FREQUENCIES = "rope_freqs.weight"
"""Of a GGUF: what each rotary frequency is divided by."""
_IGNORED = ("rotary_emb.inv_freq",)
_SAFETENSORS_TYPES = ("F32", "F16", "BF16", "F64")
_GGUF_INTEGERS = ("I8", "I16", "I32", "I64")


def tensor_names(parameter: str, config: LlamaConfig, file_format: str) -> tuple[str, ...]:
    """Return under which names a file stores one parameter, layer after layer.

    Args:
        parameter: A field of `LlamaParams` or of `Block`.
        config: Sizes.
        file_format: `gguf` or `safetensors`.

    Returns:
        One name, or one for each layer.

    Raises:
        KeyError: If there is no such parameter.

    Examples:
        >>> config = LlamaConfig(256, 8, 2, 4, 2, 2, 16, 32)
        >>> tensor_names("query", config, "gguf")
        ('blk.0.attn_q.weight', 'blk.1.attn_q.weight')
    """
    which = ("gguf", "safetensors").index(file_format)
    if parameter in _NAMES:
        return (_NAMES[parameter][which],)
    front, name = _PREFIXES[which], _NAMES_IN_LAYER[parameter][which]
    return tuple(front.format(layer=layer) + name for layer in range(config.num_layers))


def read_llama_params(file: ModelFile, config: LlamaConfig) -> tuple[LlamaParams, LlamaConfig]:
    """Read every parameter in float32, blocks of a GGUF decoded, layers stacked.

    Args:
        file: From `explainer.checkpoints.read`.
        config: What the file has to hold.

    Returns:
        The parameters, and the sizes with what only a tensor states (rotary factors).

    Raises:
        ModelFileError: If a tensor is missing, of another shape, of a type that holds no
            floating-point values, or not known to this architecture.
    """
    shapes = expected_shapes(config)
    check_tensors(file, config)
    if any(tensor.name == _FREQUENCIES for tensor in file.tensors):
        factors = np.asarray(_values(file, _FREQUENCIES), np.float64)
        if not (np.isfinite(factors) & (factors > 0)).all():
            raise ModelFileError(file.paths[0], f"{_FREQUENCIES!r} must be above 0")
        config = replace(config, rope_factors=tuple(factors.tolist()))

    def one(parameter: str) -> Array:
        # A copy: a mapped file that someone shortens would end the process.
        (name,) = tensor_names(parameter, config, file.format)
        return jnp.array(np.asarray(_values(file, name), np.float32))

    def stacked(parameter: str) -> Array:
        # Filled layer by layer, so that at most one layer is held twice.
        values = np.empty((config.num_layers, *shapes[parameter]), np.float32)
        for layer, name in enumerate(tensor_names(parameter, config, file.format)):
            values[layer] = _values(file, name)
        return jnp.asarray(values)

    blocks = Block(**{name: stacked(name) for name in Block._fields if name in shapes})
    head = None if config.tied else one("head")
    return LlamaParams(one("embedding"), blocks, one("norm"), head), config


def check_tensors(file: ModelFile, config: LlamaConfig) -> None:
    """Check that a file holds what the sizes promise, and nothing else.

    Args:
        file: From `explainer.checkpoints.read`.
        config: Sizes.

    Raises:
        ModelFileError: If not; the first tensor that differs is named.
    """
    held = {tensor.name: tensor for tensor in file.tensors}
    known = {_FREQUENCIES} if file.format == "gguf" else {"lm_head.weight"}  # a tied table again
    if _FREQUENCIES in held and file.format == "gguf":
        _check(file, held[_FREQUENCIES], _FREQUENCIES, (config.d_head // 2,))
    for parameter, shape in expected_shapes(config).items():
        for name in tensor_names(parameter, config, file.format):
            _check(file, held.get(name), name, shape)
            known.add(name)
    left = [name for name in held if name not in known and not name.endswith(_IGNORED)]
    if left:
        raise ModelFileError(
            file.paths[0],
            f"{left[0]!r} has no place in this architecture ({_and_more(left[1:])}); "
            "without it the model would compute something else",
        )


def _and_more(others: Iterable[str]) -> str:
    count = len(list(others))
    return f"nor have {count:,} others" if count else "all others have"


def _check(file: ModelFile, tensor: StoredTensor | None, name: str, shape: tuple[int, ...]) -> None:
    if tensor is None:
        raise ModelFileError(file.paths[0], f"{name!r} {shape} is missing")
    place = file.paths[tensor.shard]
    if tensor.shape != shape:
        raise ModelFileError(place, f"{name!r} is {tensor.shape}, and must be {shape}")
    good = (
        tensor.type not in _GGUF_INTEGERS
        if file.format == "gguf"
        else tensor.type in _SAFETENSORS_TYPES
    )
    if not good:
        raise ModelFileError(place, f"{name!r} is of type {tensor.type}, no floating-point values")


def _values(file: ModelFile, name: str) -> npt.NDArray[np.generic]:
    try:
        return read_tensor(file, name)
    except NotImplementedError as error:
        raise ModelFileError(file.paths[0], f"{name!r} cannot be decoded: {error}") from None
