"""The model whose workbook is tested."""

from __future__ import annotations

from typing import Any

from explainer.gpt import trained_gpt


def model() -> Any:
    """Return the trained parameters of the GPT that sorts letters, 85,584 of them."""
    return trained_gpt()
