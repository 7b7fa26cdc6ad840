"""A tree of shapes is held against its closed form, which looks at no tensor."""

from __future__ import annotations

import pytest

from explainer.architectures import architecture, known_config, known_models, verify
from explainer.architectures.reading import read_sizes
from explainer.architectures.verification import closed_form


def test_closed_form_is_held_against_the_tree() -> None:
    """A tree that differs from its closed form in one component is a defect and says so."""
    components = closed_form(read_sizes(known_config("gpt2")))
    verify(architecture("gpt2"), components)
    with pytest.raises(ArithmeticError, match="gpt2: `norm` is 38,401 by its closed form"):
        verify(architecture("gpt2"), {**components, "norm": 38_401})
    with pytest.raises(ArithmeticError, match="gpt2: `buffers` differ"):
        verify(architecture("gpt2"), {**components, "buffers": 1})


@pytest.mark.parametrize("name", known_models())
def test_closed_form_of_every_known_model(name: str) -> None:
    """The formulas and the tensors of each known model add up to one integer."""
    model = architecture(name)
    assert model.closed_form == sum(tensor.size for tensor in model.parameters)
