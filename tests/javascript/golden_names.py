"""Golden cases of what names say: those of every family, of GGUF, and of published files."""

from __future__ import annotations

import re
from typing import Any

import gguf

from explainer.checkpoints import read
from explainer.checkpoints.names import component_of, kind_of, layer_prefix
from explainer.models import path as model_path
from tests.checkpoints.test_names import COMPONENTS, FAMILIES, GGUF, KINDS


def names_cases() -> list[dict[str, Any]]:
    """Return names with component, layer, and kind by number of dimensions."""
    return [
        {
            "name": name,
            "component": component_of(name),
            "layer": layer_prefix(name),
            "kinds": {dimensions: kind_of(name, dimensions) for dimensions in (1, 2, 4)},
        }
        for name in _names()
    ]


def _names() -> list[str]:
    """Return names of published files, one for each pattern: numbers change nothing."""
    lists = [*COMPONENTS.values(), *KINDS.values()]
    names = [name for texts in lists for name in texts.split()]
    for model_type, models in FAMILIES.items():
        known = GGUF.get(model_type)
        translation = gguf.get_tensor_name_map(known, 200) if known is not None else None
        for tensor in (tensor for model in models for tensor in model.tensors):
            own = tensor.name.format(layer=7, expert=3)
            bare = tensor.name.format(layer=7, expert="").replace("experts..", "experts.")
            other = translation.get_name(bare, (".weight", ".bias")) if translation else None
            names += [own, *([other] if other else [])]
    names += [tensor.name for model in ("smollm2", "minilm") for tensor in read(model_path(model))]
    patterns = {re.sub(r"\d+", "0", name): name for name in names}
    return list(patterns.values())
