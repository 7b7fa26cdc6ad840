"""The parameters of a model from its configuration: exact shapes, nothing allocated, no JAX."""

from explainer.architectures.config_file import parse_config
from explainer.architectures.models import (
    UnknownModelError,
    architecture,
    known_config,
    known_models,
    known_source,
    read_config,
)
from explainer.architectures.tensors import Architecture, Tensor
from explainer.architectures.verification import verify
from explainer.components import COMPONENTS, KINDS

__all__ = [
    "COMPONENTS",
    "KINDS",
    "Architecture",
    "Tensor",
    "UnknownModelError",
    "architecture",
    "known_config",
    "known_models",
    "known_source",
    "parse_config",
    "read_config",
    "verify",
]
