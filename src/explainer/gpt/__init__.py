"""A GPT of 85,584 parameters that sorts letters: the model, its task, its trained weights.

Training is in `explainer.gpt.training`, which alone needs optax.
"""

from __future__ import annotations

from explainer.gpt.model import GPTConfig, Params, apply_gpt, init_gpt, trace_gpt
from explainer.gpt.sorting import (
    NUM_LETTERS,
    VOCABULARY,
    answers,
    every_input,
    generate,
    letters_of,
    sort_letters,
    sorted_rightly,
    sorting_texts,
    tokens_of,
)
from explainer.gpt.stored import stepper_data, stored_run, trained_gpt

__all__ = [
    "NUM_LETTERS",
    "VOCABULARY",
    "GPTConfig",
    "Params",
    "answers",
    "apply_gpt",
    "every_input",
    "generate",
    "init_gpt",
    "letters_of",
    "sort_letters",
    "sorted_rightly",
    "sorting_texts",
    "stepper_data",
    "stored_run",
    "tokens_of",
    "trace_gpt",
    "trained_gpt",
]
