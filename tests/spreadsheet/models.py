"""The model whose workbook is tested."""

from __future__ import annotations

from typing import Any

import jax

from explainer.gpt import GPTConfig, init_gpt


def model() -> Any:
    """Return parameters."""
    return init_gpt(GPTConfig(), key=jax.random.key(0))
