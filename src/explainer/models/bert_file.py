"""A BERT's configuration and parameters from its files, each checked against the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from jax import Array

from explainer.architectures.bert import BERT, bert_tensors
from explainer.architectures.config_file import read_config_file
from explainer.architectures.reading import read_sizes
from explainer.checkpoints import ModelFile, ModelFileError, read_tensor
from explainer.models.bert_encoder import BertConfig, BertParams, Block, Norm
from explainer.network import Layer

_FLOATS = ("F32", "F16", "BF16", "F64")


def read_bert_config(file: Path) -> BertConfig:
    """Read `config.json`; what the forward pass does not compute is refused by name.

    Args:
        file: The configuration.

    Returns:
        Sizes, and the constant of its norms.

    Raises:
        ModelFileError: If it is missing, damaged, or of another architecture.
    """
    try:
        values = read_config_file(file)
        sizes = read_sizes(values)
        if not isinstance(sizes, BERT):
            raise ValueError(f"`model_type` (={values['model_type']!r}) must be 'bert'")
        for key, known in (("hidden_act", "gelu"), ("position_embedding_type", "absolute")):
            if values.get(key, known) != known:
                raise ValueError(f"`{key}` (={values[key]!r}) must be {known!r}")
        if values.get("is_decoder"):
            raise ValueError("`is_decoder` (=True) must be false: every token sees every other")
        epsilon = values.get("layer_norm_eps", 1e-12)
        if type(epsilon) is not float or not 0 < epsilon < 1:
            raise ValueError(f"`layer_norm_eps` (={epsilon!r}) must be between 0 and 1")
    except OSError as error:
        raise ModelFileError(file, f"{error.strerror}; it must stand beside the weights") from None
    except ValueError as error:
        raise ModelFileError(file, str(error)) from None
    return BertConfig(sizes, epsilon)


def read_bert_params(file: ModelFile, sizes: BERT) -> BertParams:
    """Read every parameter of the encoder, in float32, layers stacked.

    Args:
        file: The weights, from `explainer.checkpoints.read`.
        sizes: What the configuration promises.

    Returns:
        The parameters. A head that predicts masked tokens is left out.

    Raises:
        ModelFileError: If a tensor is missing, or has another shape or no floating-point type.
    """
    front = _checked_front(file, sizes)

    def one(name: str) -> Array:
        # A copy: a mapped file that someone shortens would end the process.
        return jnp.array(np.asarray(read_tensor(file, front + name), np.float32))

    def stacked(name: str) -> Array:
        names = (f"{front}encoder.layer.{layer}.{name}" for layer in range(sizes.num_layers))
        return jnp.array(np.stack([np.asarray(read_tensor(file, n), np.float32) for n in names]))

    return BertParams(
        word=one("embeddings.word_embeddings.weight"),
        position=one("embeddings.position_embeddings.weight"),
        token_type=one("embeddings.token_type_embeddings.weight"),
        norm=Norm(*_pair("embeddings.LayerNorm", one)),
        blocks=Block(
            query=Layer(*_pair("attention.self.query", stacked)),
            key=Layer(*_pair("attention.self.key", stacked)),
            value=Layer(*_pair("attention.self.value", stacked)),
            output=Layer(*_pair("attention.output.dense", stacked)),
            attention_norm=Norm(*_pair("attention.output.LayerNorm", stacked)),
            up=Layer(*_pair("intermediate.dense", stacked)),
            down=Layer(*_pair("output.dense", stacked)),
            norm=Norm(*_pair("output.LayerNorm", stacked)),
        ),
        pooler=Layer(*_pair("pooler.dense", one)) if sizes.pooler else None,
    )


def _pair(name: str, take: Callable[[str], Array]) -> tuple[Array, Array]:
    return take(f"{name}.weight"), take(f"{name}.bias")


def _checked_front(file: ModelFile, sizes: BERT) -> str:
    """Check every tensor by name, type and shape; return what stands in front of their names."""
    held = {tensor.name: tensor for tensor in file.tensors}
    front = "bert." if "bert.embeddings.word_embeddings.weight" in held else ""
    for stack in bert_tensors(sizes):
        for promised in stack.names():
            if promised.startswith("cls."):
                continue
            name = front + promised.removeprefix("bert.")
            tensor = held.get(name)
            if tensor is None or tensor.shape != stack.shape or tensor.type not in _FLOATS:
                found = "is missing" if tensor is None else f"is {tensor.type} {tensor.shape}"
                raise ModelFileError(
                    file.paths[0],
                    f"{name!r} {found}; config.json promises floating-point {stack.shape}",
                )
    return front
