"""What a GGUF or safetensors file holds, read from its header and checked against its size.

Shapes are in NumPy's order, (out, in), in both formats; a GGUF file writes them the other way
round. Importing this package imports neither NumPy nor `gguf`; reading a tensor's values does.
It knows `explainer.architectures`, which knows nothing of files: `agreement` brings them together.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from explainer.checkpoints.errors import ModelFileError, UnknownNameError, printable
from explainer.checkpoints.metadata import metadata_value
from explainer.checkpoints.model_file import (
    COMPONENTS,
    ModelFile,
    StoredTensor,
    TypeTotal,
)
from explainer.checkpoints.reading import read
from explainer.checkpoints.stores import Found, find
from explainer.components import KINDS

if TYPE_CHECKING:
    from explainer.checkpoints.counts import Agreement, agreement
    from explainer.checkpoints.tensors import read_tensor, tensor_named

__all__ = [
    "COMPONENTS",
    "KINDS",
    "Agreement",
    "Found",
    "ModelFile",
    "ModelFileError",
    "StoredTensor",
    "TypeTotal",
    "UnknownNameError",
    "agreement",
    "find",
    "metadata_value",
    "printable",
    "read",
    "read_tensor",
    "tensor_named",
]

_LATER = {
    **dict.fromkeys(("read_tensor", "tensor_named"), "tensors"),
    **dict.fromkeys(("Agreement", "agreement"), "counts"),
}


def __getattr__(name: str) -> Any:
    """Import what needs NumPy or the architectures when it is asked for."""
    if name in _LATER:
        return getattr(import_module(f"explainer.checkpoints.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
