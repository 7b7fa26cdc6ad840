r"""A whole GGUF file predicted tensor by tensor: Q4_K_M is a mixture, not four bits.

llama.cpp gives each tensor a type by what it does, in which layer it stands and how wide it is. The
rules here are those of its `llama-quant.cpp` at commit 007dbbf, restated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explainer.checkpoints.stored_types import GGUF_TYPES
from explainer.memory.gguf_tensors import GGUFModel, GGUFTensor, gguf_model
from explainer.memory.mixture_rules import MIXTURES, NEEDS_IMATRIX, chosen_type

BLOCKS = {block.name: block for block in GGUF_TYPES.values()}


@dataclass(frozen=True)
class PlacedTensor:
    """One tensor of a file, with the type that it gets."""

    tensor: GGUFTensor
    layer: int | None
    type: str

    @property
    def num_bytes(self) -> int:
        r"""Return the stored bytes, $\text{rows} \cdot \text{row} / \text{block} \cdot b$."""
        block = BLOCKS[self.type]
        return self.tensor.rows * (self.tensor.row // block.block_size) * block.block_bytes


@dataclass(frozen=True)
class GGUFFile:
    """A predicted file: its tensors, without the header."""

    model: str
    mixture: str
    parameters: int
    tensors: tuple[PlacedTensor, ...]

    @property
    def tensor_bytes(self) -> int:
        """Return the bytes of all tensors."""
        return sum(placed.num_bytes for placed in self.tensors)

    @property
    def bits_per_weight(self) -> float:
        """Return the bits of all tensors over the parameters."""
        return 8 * self.tensor_bytes / self.parameters

    @property
    def bytes_by_type(self) -> dict[str, int]:
        """Return the bytes of each stored type, most first."""
        sizes = Counter[str]()
        for placed in self.tensors:
            sizes[placed.type] += placed.num_bytes
        return dict(sizes.most_common())


def predict_gguf(
    source: str | Mapping[str, Any], mixture: str, *, imatrix: bool | None = None
) -> GGUFFile:
    r"""Return the tensors of a GGUF file that does not exist yet, each with its type.

    $\text{bytes} = \sum_t \text{rows}_t \cdot \frac{\text{row}_t}{\text{block}_t} \cdot b_t$

    Args:
        source: A known name, the path of a `config.json`, or its object.
        mixture: As `llama-quantize` calls it, such as `Q4_K_M`, `IQ3_XXS`, `Q8_0` or `F16`.
        imatrix: Whether an importance matrix is at hand, which moves a few tensors; by default
            only for mixtures that llama.cpp refuses to make without one.

    Returns:
        The file's tensors. Its header, mostly the vocabulary, comes on top.

    Raises:
        ValueError: If the mixture is unknown, the architecture has no GGUF, or a row does not
            divide into blocks and llama.cpp knows no other type for it.

    Examples:
        >>> round(predict_gguf("llama-3.1-8b", "Q4_K_M").bits_per_weight, 4)
        4.8944
        >>> round(predict_gguf("qwen2.5-0.5b", "Q4_K_M").bits_per_weight, 3)
        6.345

    References:
        ggml-org/llama.cpp, src/llama-quant.cpp at commit 007dbbf, `llama_tensor_get_type_impl` and
        `tensor_type_fallback`.
    """
    wanted = mixture.upper()
    if wanted not in MIXTURES:
        raise ValueError(f"`mixture` (={mixture!r}) must be one of {', '.join(MIXTURES)}")
    model = gguf_model(source)
    helped = wanted in NEEDS_IMATRIX if imatrix is None else imatrix
    placed = tuple(
        PlacedTensor(tensor, layer, _fitting(tensor, chosen, wanted))
        for tensor in model.tensors
        for layer in ((None,) if tensor.layers is None else tensor.layers)
        for chosen in (_chosen(tensor, layer, model, wanted, helped),)
    )
    return GGUFFile(model.name, wanted, model.parameters, placed)


def _chosen(
    tensor: GGUFTensor, layer: int | None, model: GGUFModel, mixture: str, imatrix: bool
) -> str:
    base = MIXTURES[mixture]
    if tensor.role == "untouched":
        return "F32"
    if BLOCKS[base].block_size == 1:  # plain floats know no mixture
        return base
    narrow = tensor.row % BLOCKS[base].block_size != 0
    return chosen_type(tensor, layer or 0, model, mixture, imatrix=imatrix, narrow=narrow)


_SPARE = {
    **dict.fromkeys(("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS"), "IQ4_NL"),
    **dict.fromkeys(("IQ3_S", "IQ4_XS"), "IQ4_NL"),
    **dict.fromkeys(("Q2_K", "Q3_K", "TQ1_0", "TQ2_0"), "Q4_0"),
    **{"Q4_K": "Q5_0", "Q5_K": "Q5_1", "Q6_K": "Q8_0"},
}
"""For a row that is no multiple of 256, the type with blocks of 32 that takes over."""


def _fitting(tensor: GGUFTensor, chosen: str, mixture: str) -> str:
    """Return the type, or the one that takes over where a row does not divide into blocks."""
    size = BLOCKS[chosen].block_size
    if tensor.row % size == 0:
        return chosen
    if chosen not in _SPARE:
        raise ValueError(
            f"a row (={tensor.row}) must be divisible by the block of {chosen} (={size}) for "
            f"{mixture}; choose a K-quant such as Q4_K_M, which has a fall-back, or F16"
        )
    spare = _SPARE[chosen]
    return spare if tensor.row % BLOCKS[spare].block_size == 0 else "F16"
