"""Golden cases of memory: every named model in every format, run and trained, to the last byte."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle, product
from typing import Any

from explainer.architectures import known_models
from explainer.memory.classic import classic_bytes
from explainer.memory.estimate import estimate
from explainer.memory.kv_cache import KV_FORMATS
from explainer.memory.mixture_rules import MIXTURES
from explainer.memory.mixtures import predict_gguf
from explainer.memory.outline import outline
from explainer.memory.training_states import OPTIMIZERS, per_parameter
from explainer.memory.weights import FORMATS, TILE_FORMATS
from tests.javascript import node

CONTEXTS = (1, 127, 511, 512, 513, 1023, 4096, 100_003, 2**20)
BATCHES = (1, 3, 64, 1024)
BITS = (1, 2, 3, 4, 5, 6, 8, 16, 32)


def memory_cases() -> list[dict[str, Any]]:
    """Return, for each named model, its outline and what the library says of it.

    Written by a process of its own: here, where every call is checked, it would take minutes.
    """
    command = [sys.executable, "-m", "tests.javascript.golden_memory"]
    done = subprocess.run(command, cwd=node.ROOT, capture_output=True, text=True, check=True)
    cases: list[dict[str, Any]] = json.loads(done.stdout)
    return cases


def _of_all() -> list[dict[str, Any]]:
    turns = cycle(product(CONTEXTS, BATCHES, KV_FORMATS))
    return [_of_model(name, turns) for name in known_models()]


def _of_model(name: str, turns: Iterator[tuple[int, int, str]]) -> dict[str, Any]:
    model = outline(name)
    cases = [_case(name, form, *next(turns)) for form in FORMATS]
    batches = cycle(BATCHES)
    cases += [
        _case(name, "bf16", context, next(batches), kv_format)
        for context, kv_format in product(CONTEXTS, KV_FORMATS)
    ]
    cases += [
        _case(name, "bf16", context, batch, "fp16", optimizer)
        for optimizer, context, batch in product(OPTIMIZERS, CONTEXTS[::4], BATCHES[::3])
    ]
    return {
        "model": model,
        "types": {form: _types(name, form) for form in FORMATS},
        "cases": cases,
        "classic": {bits: str(classic_bytes(model["parameters"], bits)) for bits in BITS},
    }


def _types(name: str, form: str) -> dict[str, int] | None:
    """Return the bytes of each type of a GGUF; nothing of another format, None if there is none."""
    if form in TILE_FORMATS or form.upper() not in MIXTURES:
        return {}
    try:
        return predict_gguf(name, form).bytes_by_type
    except ValueError:
        return None


def _case(
    name: str, form: str, context: int, batch: int, kv_format: str, train: str | None = None
) -> dict[str, Any]:
    """Return what a script is asked, and the parts as decimals; None where the library refuses."""
    asked: dict[str, Any] = {"format": form, "context": context, "batch": batch}
    asked["cached"] = KV_FORMATS[kv_format].as_integer_ratio()
    if train is not None:
        states = per_parameter(train)
        asked["states"] = (states.weights, states.total - states.weights)
    try:
        found = estimate(name, form, context=context, batch=batch, kv_format=kv_format, train=train)
    except ValueError:
        return {"asked": asked, "parts": None}
    parts = (
        *(found.weights_bytes, found.kv_cache_bytes),
        *(found.activation_bytes, found.optimizer_bytes),
    )
    return {"asked": asked, "parts": [str(part) for part in parts]}


if __name__ == "__main__":
    print(json.dumps(_of_all()))
