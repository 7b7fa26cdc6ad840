r"""Bytes of a model's weights in a format, blocks, scales and untouched tensors all counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from explainer.architectures import Architecture, Tensor, architecture
from explainer.memory.mixture_rules import MIXTURES
from explainer.memory.mixtures import predict_gguf


@dataclass(frozen=True)
class TileFormat:
    """A format outside GGUF: matrices in tiles that share a constant, all else in plain floats."""

    name: str
    code_bits: int
    """Bits of one weight's code; 0 where nothing is coded."""
    tile: tuple[int | None, int]
    """Rows and columns that share constants; None rows for a run of the flattened matrix, 0
    columns for the whole row."""
    constant_bits: Fraction
    """Bits of the constants of one tile."""
    rest_bytes: int
    """Bytes of each element that is not coded."""
    meaning: str


_NOTHING = (None, 1)
TILE_FORMATS = {
    found.name: found
    for found in (
        TileFormat("fp32", 0, _NOTHING, Fraction(0), 4, "every number in four bytes"),
        TileFormat("fp16", 0, _NOTHING, Fraction(0), 2, "every number in two bytes"),
        TileFormat("bf16", 0, _NOTHING, Fraction(0), 2, "every number in two bytes"),
        TileFormat(
            *("fp8", 8, (128, 128), Fraction(32), 2),
            "matrices of the layers in E4M3, a float32 scale for each 128 x 128 tile (DeepSeek-V3)",
        ),
        TileFormat(
            *("int8", 8, (1, 0), Fraction(32), 2),
            "matrices of the layers, a float32 scale a row (LLM.int8)",
        ),
        TileFormat(
            *("int4", 4, (1, 128), Fraction(20), 2),
            "matrices of the layers, a float16 scale and a 4-bit zero for 128 (GPTQ, AWQ)",
        ),
        TileFormat(
            *("nf4", 4, (None, 64), Fraction(32), 2),
            "matrices of the layers, a float32 maximum for 64 (bitsandbytes)",
        ),
        TileFormat(
            *("nf4_double", 4, (None, 64), Fraction(8) + Fraction(32, 256), 2),
            "as nf4, the maxima in eight bits with a float32 for 256 (QLoRA)",
        ),
        TileFormat(
            *("mxfp4", 4, (1, 32), Fraction(8), 2),
            "experts, or without them the matrices of the layers, a scale of 8 bits for 32 (OCP)",
        ),
    )
}
"""Formats of safetensors files and libraries, by name."""

_ALIASES = {"q3_k": "Q3_K_M", "q4_k": "Q4_K_M", "q5_k": "Q5_K_M", "float16": "fp16"}
_ALIASES |= {"bfloat16": "bf16", "float32": "fp32", "fp4": "mxfp4", "gptq": "int4", "awq": "int4"}
FORMATS = (*TILE_FORMATS, *(name.lower() for name in MIXTURES if name != "BF16"))
"""Every name that `weight_bytes` takes, GGUF's in small letters."""


@dataclass(frozen=True)
class Weights:
    """What the weights of a model take."""

    format: str
    kind: Literal["gguf", "tiles", "file"]
    parameters: int
    total_bytes: int
    parts: Mapping[str, int]
    """Bytes by component, as in `explainer.components`."""
    meaning: str

    @property
    def bits_per_weight(self) -> float:
        """Return the bits of everything that is stored over the parameters."""
        return 8 * self.total_bytes / self.parameters


def weight_bytes(
    source: str | Mapping[str, Any], weight_format: str, *, imatrix: bool | None = None
) -> Weights:
    r"""Return the bytes of a model's weights in a format.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        weight_format: One of `FORMATS`: a mixture of llama.cpp, whose tensors are predicted one
            by one, or a format of other libraries. Case does not matter.
        imatrix: As for `predict_gguf`; only for mixtures.

    Returns:
        Exact bytes of all tensors, without the file's header.

    Raises:
        ValueError: If the format is unknown or does not suit the architecture.

    Examples:
        >>> weight_bytes("gpt2", "bf16").total_bytes
        248879616
        >>> round(weight_bytes("llama-3.1-8b", "q8_0").bits_per_weight, 4)
        8.5008
    """
    name = _ALIASES.get(weight_format.lower().replace("-", "_"), weight_format.replace("-", "_"))
    if name.lower() in TILE_FORMATS:
        return tiled_bytes(architecture(source), name.lower())
    if name.upper() not in MIXTURES:
        raise ValueError(f"`format` (={weight_format!r}) must be one of {', '.join(FORMATS)}")
    file = predict_gguf(source, name, imatrix=imatrix)
    parts = Counter[str]()
    for placed in file.tensors:
        parts[placed.tensor.component] += placed.num_bytes
    meaning = "each tensor in the type that llama.cpp gives it (commit 007dbbf)"
    return Weights(name.lower(), "gguf", file.parameters, file.tensor_bytes, dict(parts), meaning)


def tiled_bytes(model: Architecture, name: str) -> Weights:
    r"""Return the bytes of an architecture in a format of tiles.

    $\text{bytes} = \sum_\text{coded} \left\lceil \frac{rc\,b}{8} \right\rceil + \frac{t\,k}{8}
    + \sum_\text{rest} n \cdot \text{rest}$ with $t$ tiles of $k$ bits of constants.

    Args:
        model: From `explainer.architectures.architecture`.
        name: A key of `TILE_FORMATS`.

    Returns:
        Exact bytes; where matrices are coded, buffers as checkpoints store them are included.

    Raises:
        ValueError: If the name is unknown.
    """
    if name not in TILE_FORMATS:
        raise ValueError(f"`name` (={name!r}) must be one of {', '.join(TILE_FORMATS)}")
    kind = TILE_FORMATS[name]
    experts_only = name == "mxfp4" and any(t.component == "experts" for t in model.parameters)
    parts = Counter[str]()
    for tensor in model.tensors:
        if tensor.kind == "buffers":  # which such checkpoints keep in float32
            size = 4 * tensor.size if kind.code_bits else 0
        elif kind.code_bits and is_coded(tensor, experts_only=experts_only):
            size = _tiles(tensor, kind)
        else:
            size = kind.rest_bytes * tensor.size
        parts[tensor.component] += size
    return Weights(name, "tiles", model.total, sum(parts.values()), dict(parts), kind.meaning)


_LAYERS = ("attention", "feed_forward", "experts", "shared_experts", "multi_token_prediction")


def is_coded(tensor: Tensor, *, experts_only: bool = False) -> bool:
    """Return whether a tensor is a matrix that libraries quantize.

    Args:
        tensor: Of an `Architecture`.
        experts_only: Whether the format leaves all but the experts alone, as MXFP4 does.

    Returns:
        True for the matrices of the layers, routers and predictions left out.

    Examples:
        >>> [is_coded(t) for t in architecture("llama-3.1-8b").tensors if "_proj" in t.name]
        [True, True, True, True, True, True, True]
    """
    if tensor.kind != "weights" or len(tensor.shape) < 2 or tensor.layers is None:
        return False
    if experts_only:
        return tensor.component == "experts"
    kept = (".gate.weight", "eh_proj.weight", "embed_tokens.weight", "head.weight")
    return tensor.component in _LAYERS and not tensor.name.endswith(kept)


def _tiles(tensor: Tensor, kind: TileFormat) -> int:
    """Return the bytes of a matrix in tiles, all copies."""
    *stack, rows, columns = tensor.shape
    many = tensor.copies * math.prod(stack)
    tall, wide = kind.tile
    if tall is None:
        tiles = math.ceil(rows * columns / wide)
    else:
        tiles = math.ceil(rows / tall) * math.ceil(columns / (wide or columns))
    codes = math.ceil(Fraction(rows * columns * kind.code_bits, 8))
    return many * (codes + math.ceil(tiles * kind.constant_bits / 8))
