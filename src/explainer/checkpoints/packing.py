"""How many parameters a stored tensor stands for.

Quantized checkpoints pack several parameters into one stored element and add tensors that are no
parameters: scales, zero points, code books. The rules are read from each tensor's name and its
neighbours; where bits cannot be told from the file, `config.json` beside it has to say.

References:
    AutoGPTQ and AutoAWQ (`qweight`, `qzeros`, `scales`, `g_idx`); bitsandbytes, `QuantState`;
    vLLM, compressed-tensors; OpenAI, gpt-oss (`_blocks`, `_scales`); MLX, `quantize`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explainer.checkpoints.errors import ModelFileError
from explainer.checkpoints.model_file import RawTensor

_NARROW = {"U8", "I8", "I32", "U32", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F4"}
_BLOCK_FLOATS = {"NVFP4", "TQ1_0", "TQ2_0", "MXFP4"}
_WORDS = {"I32", "U32"}
_WORD_BITS = 32

# The last part of a name, and the neighbours that make it a constant of decoding.
_CONSTANTS: dict[str, tuple[str, ...]] = {
    "qzeros": ("qweight",),
    "g_idx": ("qweight",),
    "scales": ("qweight", "blocks"),
    "SCB": ("weight",),
    "weight_format": ("weight",),
    **dict.fromkeys(
        (
            "weight_scale",
            "weight_scale_inv",
            "weight_scale_2",
            "weight_zero_point",
            "weight_shape",
            "weight_g_idx",
            "weight_global_scale",
            "input_scale",
            "input_zero_point",
            "input_global_scale",
            "output_scale",
            "output_zero_point",
        ),
        ("weight", "weight_packed"),
    ),
}
_CACHE_SCALES = re.compile(r"\.(k|v|q|prob_output)_(scale|zero_point)$")
_BITSANDBYTES = re.compile(
    r"^(.*)\.(absmax|quant_map|nested_absmax|nested_quant_map|quant_state\.\w+)$"
)
_FUSED = re.compile(r"^(.*?)(_scales|(_weight|_input)?_scale(_inv|_2)?)$")


@dataclass(frozen=True)
class Hints:
    """What the tensors' names and shapes alone do not tell."""

    path: Path
    declared: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Shapes that the file states in tiny tensors, by the name of the packed tensor."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """The model's `config.json`, or empty."""

    def bits(self, base: str) -> int | None:
        """Return the width of one parameter of a module, as `config.json` states it."""
        mlx = self.config.get("quantization")
        if isinstance(mlx, dict):
            own = mlx.get(base)
            return _width(own if isinstance(own, dict) else mlx, "bits")
        stated = self.config.get("quantization_config")
        if not isinstance(stated, dict):
            return None
        groups = stated.get("config_groups")
        if isinstance(groups, dict):
            widths = {
                _width(group.get("weights"), "num_bits")
                for group in groups.values()
                if isinstance(group, dict)
            }
            return widths.pop() if len(widths) == 1 else None
        return _width(stated, "bits")


def _width(holder: Any, key: str) -> int | None:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if type(value) is int and 1 <= value <= 16 else None


def is_constant(tensor: RawTensor, tensors: Mapping[str, RawTensor]) -> bool:
    """Return whether a tensor only serves to decode its neighbours.

    Args:
        tensor: The tensor in question.
        tensors: All tensors of the model, by name.

    Returns:
        True for scales, zero points, code books, group indices and stored shapes.
    """
    base, _, leaf = tensor.name.rpartition(".")
    if any(f"{base}.{neighbour}" in tensors for neighbour in _CONSTANTS.get(leaf, ())):
        return True
    if leaf in ("scales", "biases", "scale", "input_scale"):
        weight = tensors.get(f"{base}.weight")
        # MLX packs into uint32 and calls its zero points `biases`.
        if leaf in ("scales", "biases"):
            return weight is not None and weight.type == "U32"
        return weight is not None and weight.type in _NARROW | _BLOCK_FLOATS
    if _CACHE_SCALES.search(tensor.name):
        return tensor.elements == 1
    if match := _BITSANDBYTES.match(tensor.name):
        return match.group(1) in tensors
    if "scale" in leaf and (match := _FUSED.match(tensor.name)):
        stem = match.group(1)
        whole = tensors.get(f"{stem}_blocks") or tensors.get(stem)
        return whole is not None and whole.type in _NARROW
    return False


def logical_parameters(tensor: RawTensor, tensors: Mapping[str, RawTensor], hints: Hints) -> int:
    """Return how many parameters a tensor that is no constant stands for.

    Args:
        tensor: The tensor in question.
        tensors: All tensors of the model, by name.
        hints: Stated shapes and `config.json`.

    Returns:
        The elements of the tensor before it was packed.

    Raises:
        ModelFileError: If it is packed and nothing says how tightly, or the parts contradict.
    """
    base, _, leaf = tensor.name.rpartition(".")
    declared = hints.declared.get(tensor.name)
    if declared is not None:
        return _checked(tensor, math.prod(declared), hints)
    if leaf == "qweight" and tensor.type in _WORDS:
        return _unpacked(tensor, _word_bits(base, tensors) or hints.bits(base), hints)
    if leaf == "weight_packed" and tensor.type in _WORDS:
        return _unpacked(tensor, hints.bits(base), hints)
    if leaf == "weight" and tensor.type == "U32" and f"{base}.scales" in tensors:
        return _unpacked(tensor, hints.bits(base), hints)
    if _holds_pairs(tensor, base, leaf, tensors):
        return 2 * tensor.stored_bytes
    return tensor.elements


def _holds_pairs(tensor: RawTensor, base: str, leaf: str, tensors: Mapping[str, RawTensor]) -> bool:
    """Return whether each byte holds two parameters of four bits."""
    if f"{tensor.name}.absmax" in tensors:
        return True  # bitsandbytes; its storage may be wider than a byte
    if tensor.type != "U8":
        return False
    if leaf == "weight_packed":
        return True
    if leaf == "blocks" and f"{base}.scales" in tensors:
        return True
    if tensor.name.endswith("_blocks") and f"{tensor.name[:-7]}_scales" in tensors:
        return True
    scale = tensors.get(f"{base}.weight_scale") if leaf == "weight" else None
    # NVFP4 shares a scale among 16, MXFP4 among 32; plain int8 never has so many scales.
    return scale is not None and 2 * tensor.elements in (16 * scale.elements, 32 * scale.elements)


def _word_bits(base: str, tensors: Mapping[str, RawTensor]) -> int | None:
    """Return the bits of GPTQ or AWQ: zero points are packed as the weights are, scales are not."""
    zeros, scales = tensors.get(f"{base}.qzeros"), tensors.get(f"{base}.scales")
    if zeros is None or scales is None or not scales.elements:
        return None
    bits, rest = divmod(_WORD_BITS * zeros.elements, scales.elements)
    return bits if not rest and bits in (2, 3, 4, 8) else None


def _unpacked(tensor: RawTensor, bits: int | None, hints: Hints) -> int:
    if bits is None:
        raise ModelFileError(
            hints.path,
            f"{tensor.name!r} packs several parameters into one {tensor.type}, and nothing says "
            "how many; put the model's config.json, with its bits, beside the file",
            tensor.offset,
        )
    return _checked(tensor, _WORD_BITS * tensor.elements // bits, hints)


def _checked(tensor: RawTensor, parameters: int, hints: Hints) -> int:
    """Return the count if each parameter then takes between one and 32 bits."""
    if not parameters <= 8 * tensor.stored_bytes <= 32 * parameters + 32 * 32:
        raise ModelFileError(
            hints.path,
            f"{tensor.name!r} is stated to hold {parameters:,} parameters in "
            f"{tensor.stored_bytes:,} bytes, which cannot be",
            tensor.offset,
        )
    return parameters
