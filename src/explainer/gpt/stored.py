"""The trained weights of the tiny GPT, stored with the run that made them, and their export.

`write_trained(PATH)` trains anew and writes the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from explainer.gpt.model import GPTConfig, Params, trace_gpt
from explainer.gpt.sorting import NUM_LETTERS, VOCABULARY, letters_of, sort_letters, tokens_of

PATH = Path(__file__).with_name("sort.safetensors")
SEED = 0
STEP = 1 / 512  # every stored parameter is a multiple of it
TRACE_STEP = 1 / 1024  # to which the numbers of an exported trace are rounded


def trained_gpt() -> Params:
    """Return the parameters of the GPT that sorts letters, for `GPTConfig()`.

    Returns:
        Float32 arrays, each element a multiple of 1/512.

    Examples:
        >>> trained_gpt()["blocks"]["up"]["weight"].shape
        (3, 192, 48)
    """
    params: Params = {}
    for name, array in load_file(PATH).items():
        *path, last = name.split(".")
        node = params
        for key in path:
            node = node.setdefault(key, {})
        node[last] = jnp.asarray(array)
    return params


def stored_run() -> dict[str, str]:
    """Return what the file says of the run that made it.

    Returns:
        Seed, steps, batch, learning rate, rounding and the version of JAX, as texts.

    Examples:
        >>> stored_run()["seed"]
        '0'
    """
    with safe_open(PATH, framework="numpy") as opened:
        return dict(opened.metadata())


def write_trained(path: Path) -> None:
    """Train with the stored seed, round, and write the parameters with the run that made them.

    Args:
        path: A `.safetensors` file to write.
    """
    from explainer.gpt import training  # needs optax, which a reader of the weights does not

    params = training.train_sorter(key=jax.random.key(SEED)).params
    run = {
        "seed": SEED,
        "steps": training.NUM_STEPS,
        "batch": training.BATCH_SIZE,
        "learning_rate": training.LEARNING_RATE,
        "weight_decay": training.WEIGHT_DECAY,
        "learnt_from": len(training.split_texts().train),
        "rounded_to": STEP,
        "jax": jax.__version__,
    }
    arrays = dict(named(training.rounded(params, step=STEP)))
    save_file(arrays, path, metadata={name: str(value) for name, value in run.items()})


def named(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Yield each array of a tree with its path, keys joined by a dot.

    Args:
        tree: Dictionaries of arrays, of any depth: parameters, or a trace.
        prefix: Of every name.

    Yields:
        A name such as `blocks.up.weight`, and the array.

    Examples:
        >>> [name for name, _ in named({"ln": {"gain": jnp.ones(2), "bias": jnp.zeros(2)}})]
        ['ln.gain', 'ln.bias']
    """
    for key, node in tree.items():
        if isinstance(node, dict):
            yield from named(node, f"{prefix}{key}.")
        else:
            yield prefix + key, np.asarray(node)


def stepper_data(letters: str = "CBABBC") -> dict[str, Any]:
    """Return the trained model and one forward pass as plain numbers, for another program.

    An array is `{"shape": [...], "values": [...]}`: whole numbers, row by row, to be multiplied by
    the `step` beside them. Weights come back exactly, in float32 too; a trace comes back to half
    its step.

    Args:
        letters: Six letters; what is traced is them and the first five of the model's answer.

    Returns:
        `config`, `vocabulary`, `weights` (`step`, `arrays` by name) and `trace` (`letters`,
        `step`, `arrays` by the names of `trace_gpt`), ready for `json.dumps`.

    Raises:
        ValueError: If `letters` are not six of A, B and C.

    Examples:
        >>> stepper_data()["weights"]["arrays"]["ln_final.gain"]["shape"]
        [48]
    """
    config, params = GPTConfig(), trained_gpt()
    text = tokens_of(letters + sort_letters(params, letters, config))[:-1]
    trace = trace_gpt(params, text, config)
    return {
        "config": {**vars(config), "d_head": config.d_head, "d_ff": config.d_ff},
        "vocabulary": VOCABULARY,
        "num_letters": NUM_LETTERS,
        "weights": {"step": STEP, "arrays": _whole(params, STEP)},
        "trace": {
            "letters": letters_of(text),
            "step": TRACE_STEP,
            "arrays": _whole(trace, TRACE_STEP),
        },
    }


def _whole(tree: dict[str, Any], step: float) -> dict[str, dict[str, list[int]]]:
    return {
        name: {
            "shape": list(array.shape),
            "values": np.rint(array.ravel() / step).astype(int).tolist(),
        }
        for name, array in named(tree)
    }
