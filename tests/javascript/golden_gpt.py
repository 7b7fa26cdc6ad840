"""Golden cases of the tiny GPT, as bit patterns: what compute/gpt.js must reproduce."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import jax
import numpy as np

from explainer.gpt import (
    GPTConfig,
    answers,
    apply_gpt,
    every_input,
    letters_of,
    sorting_texts,
    tokens_of,
    trace_gpt,
    trained_gpt,
)
from explainer.gpt.stored import named
from tests.javascript.arrays import packed

SNIPPET = Path(__file__).parents[2] / "snippets" / "tiny_gpt" / "one_byte.py"
TRACED = "CBABBCABBBC"


def gpt_cases() -> dict[str, Any]:
    """Return the stored weights, one traced pass, and answers and logits of all 729 inputs."""
    run = runpy.run_path(str(SNIPPET))
    config, params = GPTConfig(), trained_gpt()
    texts = sorting_texts(every_input())[:, :-1]
    logits = jax.jit(jax.vmap(lambda text: apply_gpt(params, text, config)))(texts)
    trace = trace_gpt(params, tokens_of(TRACED), config)
    said = answers(params, every_input(), config)
    return {
        "file": packed(run["downloads"]["tiny-gpt.bin"], "u1"),
        "layout": run["layout"],
        "step": run["step"],
        "config": run["config"],
        "weights": {name: packed(array, "<f4") for name, array in named(trained_gpt())},
        "texts": [letters_of(text) for text in texts],
        "logits": packed(logits, "<f4"),
        "answers": [letters_of(answer) for answer in np.asarray(said)],
        "traced": TRACED,
        "trace": {name: packed(array, "<f4") for name, array in named(trace)},
    }
