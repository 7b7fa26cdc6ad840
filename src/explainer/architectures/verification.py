"""Two ways to one integer: the closed form and the tree of shapes."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.architectures.bart import BART, bart_components, bart_tensors
from explainer.architectures.bert import BERT, bert_components, bert_tensors
from explainer.architectures.closed_form import decoder_components
from explainer.architectures.decoder_tree import decoder_tensors
from explainer.architectures.gpt2 import GPT2, gpt2_components, gpt2_tensors
from explainer.architectures.reading import Sizes
from explainer.architectures.tensors import Architecture, Tensor


def tensors_of(sizes: Sizes) -> tuple[Tensor, ...]:
    """Return the tensors of a model of these sizes."""
    if isinstance(sizes, GPT2):
        return gpt2_tensors(sizes)
    if isinstance(sizes, BERT):
        return bert_tensors(sizes)
    if isinstance(sizes, BART):
        return bart_tensors(sizes)
    return decoder_tensors(sizes)


def closed_form(sizes: Sizes) -> dict[str, int]:
    """Return parameters by component from formulas alone; `buffers` is an entry of its own."""
    if isinstance(sizes, GPT2):
        return gpt2_components(sizes)
    if isinstance(sizes, BERT):
        return bert_components(sizes)
    if isinstance(sizes, BART):
        return bart_components(sizes)
    return decoder_components(sizes)


def verify(model: Architecture, components: Mapping[str, int]) -> None:
    """Check that a tree and its closed form agree, component by component.

    Args:
        model: The tree of shapes.
        components: Parameters by component, as `closed_form` gives them.

    Raises:
        ArithmeticError: If they differ; a defect of this library, and the message says where.

    Examples:
        >>> from explainer.architectures import architecture
        >>> model = architecture("gpt2")
        >>> verify(model, model.components)
    """
    expected = dict(components)
    buffers = expected.pop("buffers", 0)
    found = model.components
    for name in sorted({*expected, *found}):
        if expected.get(name, 0) != found.get(name, 0):
            raise ArithmeticError(
                f"{model.name}: `{name}` is {expected.get(name, 0):,} by its closed form and "
                f"{found.get(name, 0):,} by its tensors"
            )
    if buffers != model.kinds["buffers"]:
        raise ArithmeticError(f"{model.name}: `buffers` differ: {buffers}, {model.kinds}")
