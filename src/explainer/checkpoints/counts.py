"""Three ways to one number: the closed form, the sum of leaves, and what the file holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explainer.architectures import Architecture
from explainer.checkpoints.model_file import CONSTANTS, ModelFile
from explainer.checkpoints.names import component_of, kind_of

_PREFIXES = ("transformer.", "model.", "bert.")
"""What a checkpoint may or may not put before a name: the bare model or the one with a head."""
_SECOND_NAMES = frozenset(
    {
        *("lm_head.weight", "output.weight", "cls.predictions.decoder.weight"),
        *("encoder.embed_tokens.weight", "decoder.embed_tokens.weight"),
    }
)
"""Names under which a file may store a tied table once more."""


@dataclass(frozen=True)
class Agreement:
    """Three counts of the same parameters, all equal, and what the file holds beside them."""

    closed_form: int
    tree: int
    file: int
    parameter_bytes: int | None = None
    """What the file spends on them; None where only shapes were given."""
    duplicates: tuple[str, ...] = ()
    """Tied tables that the file stores once more."""
    buffers: tuple[str, ...] = ()
    """Tensors of the file that are not learned."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A tensor of a file, as the parameter that it stands for."""

    name: str
    kind: str
    parameters: int
    shape: tuple[int, ...] | None
    """None where the file packs it, so that only the count can be compared."""
    component: str
    stored_bytes: int = 0


def agreement(
    closed_form: int,
    tree: Architecture | int,
    file: ModelFile | Mapping[str, Sequence[int]],
) -> Agreement:
    """State that closed form = sum of leaves = what the file holds, to the last parameter.

    An architecture is compared tensor by tensor where the file uses the names of Hugging Face; of
    a file with other names, such as GGUF, the total is. Buffers and constants of quantization are
    no parameters, a tied table that is stored twice is counted once, and a packed tensor counts as
    what it was before packing.

    Args:
        closed_form: Parameters by formula; `Architecture.closed_form` has them.
        tree: The architecture, or only the sum over the leaves of a tree.
        file: The model file, from `read`; or the shape of each of its tensors, by name.

    Returns:
        The three counts, which are equal, and what was left out.

    Raises:
        ValueError: If they are not equal, with all three and the first tensor that differs.

    Examples:
        >>> from explainer.architectures import architecture
        >>> from explainer.checkpoints import read
        >>> from explainer.models import path
        >>> model = architecture("smollm2-135m")
        >>> agreement(model.closed_form, model, read(path("smollm2"))).parameter_bytes
        96576768
    """
    held = _tensors_of(file)
    buffers = tuple(sorted(one.name for one in held if one.kind == "buffers"))
    learned = {_bare(one.name): one for one in held if one.kind not in ("buffers", CONSTANTS)}
    doubles = _duplicates(tree, learned) if isinstance(tree, Architecture) else frozenset()
    duplicates = tuple(sorted(learned[name].name for name in doubles))
    once = {name: one for name, one in learned.items() if name not in doubles}
    leaves = tree.total if isinstance(tree, Architecture) else tree
    count = sum(one.parameters for one in once.values())
    difference = _difference(tree, once) if isinstance(tree, Architecture) else ""
    if difference or not closed_form == leaves == count:
        place = f" ({file.paths[0].name})" if isinstance(file, ModelFile) else ""
        raise ValueError(
            f"the counts must agree: closed form {closed_form:,}, sum of leaves {leaves:,}, "
            f"file {count:,}{place}" + (f"; {difference}" if difference else "")
        )
    spent_bytes = None
    if isinstance(file, ModelFile):
        spent_bytes = file.parameter_bytes - sum(learned[name].stored_bytes for name in doubles)
    return Agreement(closed_form, leaves, count, spent_bytes, duplicates, buffers)


def _tensors_of(file: ModelFile | Mapping[str, Sequence[int]]) -> list[_Held]:
    if isinstance(file, ModelFile):
        return [
            _Held(
                tensor.parameter_name,
                tensor.kind,
                tensor.parameters,
                tensor.shape if tensor.parameters == tensor.elements else None,
                tensor.component,
                tensor.stored_bytes,
            )
            for tensor in file.tensors
        ]
    return [
        _Held(name, kind_of(name, len(shape)), math.prod(shape), tuple(shape), component_of(name))
        for name, shape in file.items()
    ]


def _bare(name: str) -> str:
    """Return a name without what stands before the bare model's own."""
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _duplicates(model: Architecture, learned: Mapping[str, _Held]) -> frozenset[str]:
    """Return the second names of a tied table: its shape, under a name the model does not have."""
    if not model.tied:
        return frozenset()
    table = next(tensor for tensor in model.tensors if tensor.component == "embedding")
    own = {_bare(name) for tensor in model.parameters for name in tensor.names()}
    return frozenset(
        name
        for name in _SECOND_NAMES & set(learned) - own
        if learned[name].parameters == table.size
    )


def _difference(model: Architecture, found: Mapping[str, _Held]) -> str:
    """Return what differs first, in the order of the model; empty where nothing does."""
    expected = {
        _bare(name): (name, tensor.shape) for tensor in model.parameters for name in tensor.names()
    }
    if not set(found) & set(expected):
        return _difference_of_components(model, found)
    for bare, (name, shape) in expected.items():
        one = found.get(bare)
        if one is None:
            return f"the file lacks `{name}` of shape {list(shape)}"
        if one.shape is None and one.parameters != math.prod(shape):
            return f"`{name}` has {one.parameters:,} parameters in the file, not {list(shape)}"
        if one.shape is not None and one.shape != shape:
            return f"`{name}` has shape {list(one.shape)} in the file, not {list(shape)}"
    for bare, one in found.items():
        if bare not in expected:
            return f"the file holds `{one.name}`, unknown to the model"
    return ""


def _difference_of_components(model: Architecture, found: Mapping[str, _Held]) -> str:
    """Return the first component that differs, of a file with names of its own and another total.

    Where the total is right, a component that differs is a name that was not understood.
    """
    if sum(one.parameters for one in found.values()) == model.total:
        return ""
    totals = dict.fromkeys(model.components, 0)
    for one in found.values():
        totals[one.component] = totals.get(one.component, 0) + one.parameters
    for component, count in totals.items():
        expected = model.components.get(component, 0)
        if count != expected:
            return f"`{component}` has {count:,} parameters in the file, not {expected:,}"
    return ""
