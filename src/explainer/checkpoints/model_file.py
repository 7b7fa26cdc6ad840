"""What a model file holds: a list of tensors, and the totals that follow from it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from explainer.components import COMPONENTS as _MODEL_COMPONENTS
from explainer.components import KINDS

CONSTANTS = "constants"
"""Kind of scales, zero points and the like: needed to decode parameters, and none themselves."""

COMPONENTS = (*_MODEL_COMPONENTS, "other")
"""Those of a model, and what a name does not tell or is no language model: vision, audio."""

_PACKED = re.compile(r"(_packed|[._]blocks)$")
"""What packing adds to a name: compressed-tensors and gpt-oss."""


@dataclass(frozen=True, slots=True)
class RawTensor:
    """One tensor as the header states it, nothing interpreted yet."""

    name: str
    shape: tuple[int, ...]
    """In NumPy's order, (out, in). A GGUF file writes (in, out); it is turned on reading."""
    type: str
    """The stored type, as its format names it: `Q4_1`, `BF16`."""
    offset: int
    """First byte, counted from the start of the file."""
    stored_bytes: int

    @property
    def elements(self) -> int:
        """Stored elements, which packing makes fewer than the parameters."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class StoredTensor(RawTensor):
    """One tensor, with what it means for the model."""

    parameters: int
    """Logical parameters: eight for an int32 that packs int4; 0 for constants and buffers."""
    kind: str
    component: str
    shard: int
    """Which of the model's files holds it."""

    @property
    def parameter_name(self) -> str:
        """Name of the parameter that it stands for, as a file that does not pack writes it."""
        if self.parameters in (0, self.elements):
            return self.name
        return _PACKED.sub("", self.name).replace(".qweight", ".weight")


@dataclass(frozen=True)
class TypeTotal:
    """All tensors of one stored type together."""

    tensors: int
    parameters: int
    stored_bytes: int


@dataclass(frozen=True)
class ModelFile:
    """A model as its file, or its set of shards, states it. No tensor has been loaded."""

    format: str
    """`gguf` or `safetensors`."""
    paths: tuple[Path, ...]
    shard_bytes: tuple[int, ...]
    tensors: tuple[StoredTensor, ...]
    metadata: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    """What a reader of the totals should know, a sentence each."""
    big_endian: bool = False

    @property
    def file_bytes(self) -> int:
        """Size of all shards."""
        return sum(self.shard_bytes)

    @property
    def tensor_bytes(self) -> int:
        """The payload: what all tensors take, buffers included."""
        return sum(tensor.stored_bytes for tensor in self.tensors)

    @property
    def header_bytes(self) -> int:
        """Everything but the payload: names and shapes, metadata, vocabulary, padding."""
        return self.file_bytes - self.tensor_bytes

    @property
    def parameters(self) -> int:
        """Logical parameters, buffers and quantization constants left out."""
        return sum(tensor.parameters for tensor in self.tensors)

    @property
    def parameter_bytes(self) -> int:
        """Bytes that the parameters take, with the constants that decode them."""
        return sum(tensor.stored_bytes for tensor in self.tensors if tensor.kind != "buffers")

    @property
    def bits_per_parameter(self) -> float | None:
        """True bits of one parameter; None where the file holds none."""
        return 8 * self.parameter_bytes / self.parameters if self.parameters else None

    @property
    def kinds(self) -> dict[str, int]:
        """Parameters by kind; under `buffers`, the elements that are not parameters."""
        totals = dict.fromkeys(KINDS, 0)
        for tensor in self.tensors:
            if tensor.kind == "buffers":
                totals["buffers"] += tensor.elements
            elif tensor.kind != CONSTANTS:
                totals[tensor.kind] += tensor.parameters
        return totals

    @property
    def components(self) -> dict[str, int]:
        """Parameters by component, those that the model has, in the order of `COMPONENTS`."""
        totals = dict.fromkeys(COMPONENTS, 0)
        for tensor in self.tensors:
            totals[tensor.component] += tensor.parameters
        return {component: count for component, count in totals.items() if count}

    @property
    def types(self) -> dict[str, TypeTotal]:
        """Totals by stored type, the one with the most bytes first."""
        totals: dict[str, tuple[int, int, int]] = {}
        for tensor in self.tensors:
            count, parameters, stored = totals.get(tensor.type, (0, 0, 0))
            totals[tensor.type] = (
                count + 1,
                parameters + tensor.parameters,
                stored + tensor.stored_bytes,
            )
        ordered = sorted(totals.items(), key=lambda item: (-item[1][2], item[0]))
        return {name: TypeTotal(*total) for name, total in ordered}

    def __iter__(self) -> Iterator[StoredTensor]:
        """Walk over the tensors, in the order of the file."""
        return iter(self.tensors)
