"""Golden cases of GGUF headers: SmolLM2's own, and hundreds of damaged ones."""

from __future__ import annotations

from typing import Any

from explainer.checkpoints.gguf import read_gguf_header
from explainer.checkpoints.stored_types import GGUF_TYPES
from tests.checkpoints.test_mutations import corpus
from tests.javascript.headers import header_cases


def gguf_cases() -> dict[str, Any]:
    """Return the table of types, SmolLM2's header without and with its vocabulary, and damage."""
    short, _, _, whole = corpus()
    damaged = header_cases([short], _tensors, mutations=300, hostile=".gguf")
    sound = header_cases([whole], _tensors, mutations=0)
    types = [
        [number, one.name, one.block_size, one.block_bytes] for number, one in GGUF_TYPES.items()
    ]
    return {"types": types, "parts": [damaged, sound]}


def _tensors(*of: Any) -> Any:
    return read_gguf_header(*of).tensors
