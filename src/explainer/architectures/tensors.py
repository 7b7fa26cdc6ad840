"""The tensors of a model as shapes: equal ones are stacked, so that nothing is ever allocated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from explainer.components import COMPONENTS, KINDS
from explainer.parameters import shape_size


@dataclass(frozen=True)
class Tensor:
    """A tensor, or a stack of tensors of one shape that differ only in layer and expert."""

    name: str
    """Name in a Hugging Face checkpoint, with `{layer}` and `{expert}` where it is a stack."""
    shape: tuple[int, ...]
    component: str
    kind: str = "weights"
    layers: tuple[int, ...] | None = None
    """Layers that hold it; None for a tensor outside the layers."""
    experts: int = 1
    """Experts, or heads, that hold one each, where they are stored one by one."""
    routed: tuple[int, int] = (1, 1)
    """How many of how many a token uses: (8, 256) for eight of 256 experts."""

    @property
    def copies(self) -> int:
        """Return how many tensors the stack holds."""
        return (1 if self.layers is None else len(self.layers)) * self.experts

    @property
    def size(self) -> int:
        """Return the elements of the whole stack."""
        return self.copies * shape_size(self.shape)

    @property
    def active_size(self) -> int:
        """Return the elements that take part in computing one token."""
        used, available = self.routed
        return self.size * used // available

    def names(self) -> Iterator[str]:
        """Yield the name of each tensor of the stack."""
        for layer in (None,) if self.layers is None else self.layers:
            for expert in range(self.experts):
                yield self.name.format(layer=layer, expert=expert)


@dataclass(frozen=True)
class Architecture:
    """A model's parameters as shapes, and what they add up to."""

    name: str
    model_type: str
    tensors: tuple[Tensor, ...]
    tied: bool | None
    """Whether the head is the embedding table; None for a model without a head."""
    closed_form: int
    """Parameters by formulas over the sizes alone, which look at no tensor."""
    notes: tuple[str, ...] = ()
    """What the count leaves out, one sentence each."""

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """Return the learned tensors."""
        return tuple(tensor for tensor in self.tensors if tensor.kind != "buffers")

    @property
    def total(self) -> int:
        """Return the parameters, tied weights once, buffers not counted."""
        return sum(tensor.size for tensor in self.parameters)

    @property
    def active(self) -> int:
        """Return the parameters that one token uses, embedding table and head included."""
        return sum(tensor.active_size for tensor in self.parameters)

    @property
    def active_without_input_embedding(self) -> int:
        """Return `active` less the input embedding; a tied table stays, as it is the head."""
        return self.active - (0 if self.tied else self._sum_of("embedding"))

    @property
    def active_without_embedding_and_head(self) -> int:
        """Return `active` less embedding tables and head."""
        return self.active - self._sum_of("embedding") - self._sum_of("head")

    @property
    def components(self) -> dict[str, int]:
        """Return parameters by component, in the order of `COMPONENTS`, without empty ones."""
        sizes = Counter[str]()
        for tensor in self.parameters:
            sizes[tensor.component] += tensor.size
        return {name: sizes[name] for name in COMPONENTS if name in sizes}

    @property
    def kinds(self) -> dict[str, int]:
        """Return elements by kind, all four; `buffers` are not part of `total`."""
        sizes = Counter[str]()
        for tensor in self.tensors:
            sizes[tensor.kind] += tensor.size
        return {kind: sizes[kind] for kind in KINDS}

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return every tensor's name and shape, one by one: 45,000 entries for DeepSeek-V3."""
        return {name: tensor.shape for tensor in self.tensors for name in tensor.names()}

    def _sum_of(self, component: str) -> int:
        return sum(tensor.size for tensor in self.parameters if tensor.component == component)
