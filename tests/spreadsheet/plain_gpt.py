"""The tiny GPT once more, position by position, with lists of keys and values: the tests' oracle.

Written from the formulas of Radford et al. 2019 (GPT-2) and not from the library: one position at
a time, each head and each earlier position in a loop, in float64.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

Steps = dict[str, list[Any]]


def run(params: Any, prompt: list[int], num_heads: int) -> tuple[list[int], Steps]:
    """Run a prompt and let the model go on to the end of its context.

    Args:
        params: The parameters as float64 arrays.
        prompt: Ids.
        num_heads: Heads of a layer.

    Returns:
        The ids at all positions and the one after the last, and every intermediate by the name
        that the workbook gives it, a list of one entry a position.
    """
    context, num_layers = len(params["position_embedding"]), len(params["blocks"]["up"]["bias"])
    past: list[tuple[list[Any], list[Any]]] = [([], []) for _ in range(num_layers)]
    tokens = list(prompt)
    steps: Steps = {}

    def note(layer: str, name: str, value: Any) -> Any:
        steps.setdefault(layer + name, []).append(value)
        return value

    for t in range(context):
        x = note(
            "", "embedding", params["token_embedding"][tokens[t]] + params["position_embedding"][t]
        )
        for layer in range(num_layers):
            block = {
                part: {kind: array[layer] for kind, array in arrays.items()}
                for part, arrays in params["blocks"].items()
            }
            name = f"L{layer + 1}_"
            h = note(name, "attention_norm", norm(x, block["ln_attention"]))
            mix = attend(block["qkv"], h, past[layer], num_heads, partial(note, name))
            x = note(name, "middle", x + affine(block["projection"], mix))
            h = note(name, "mlp_norm", norm(x, block["ln_mlp"]))
            up = note(name, "up", affine(block["up"], h))
            bent = note(name, "gelu", np.array([gelu(float(u)) for u in up]))
            x = note(name, "out", x + affine(block["down"], bent))
        h = note("", "final_norm", norm(x, params["ln_final"]))
        logits = note("", "logits", np.array([sum(h * row) for row in params["token_embedding"]]))
        note("", "probability", soften(list(logits)))
        if t + 1 == len(tokens):
            tokens.append(int(np.argmax(logits)))
    return tokens, steps


def norm(x: Any, part: Any) -> Any:
    """Layer normalisation, with the variance over n, not n - 1."""
    n = len(x)
    mean = sum(x) / n
    variance = sum((x - mean) ** 2) / n
    return (x - mean) / math.sqrt(variance + 1e-5) * part["gain"] + part["bias"]


def affine(part: Any, x: Any) -> Any:
    """One output after the other."""
    return np.array([sum(row * x) + b for row, b in zip(part["weight"], part["bias"], strict=True)])


def gelu(u: float) -> float:
    """The tanh form."""
    return 0.5 * u * (1 + math.tanh(math.sqrt(2 / math.pi) * (u + 0.044715 * u**3)))


def soften(scores: list[float]) -> Any:
    """Softmax without any shift."""
    powers = [math.exp(score) for score in scores]
    return np.array([power / sum(powers) for power in powers])


def attend(part: Any, h: Any, past: tuple[list[Any], list[Any]], num_heads: int, note: Any) -> Any:
    """Attention of one position over itself and all before it; its keys and values are kept."""
    width = len(h)
    size = width // num_heads
    everything = affine(part, h)
    query, key, value = (everything[place * width : (place + 1) * width] for place in range(3))
    keys, values = past
    keys.append(key)
    values.append(value)
    for name, vector in (("q", query), ("k", key), ("v_turned", value)):
        note(name, vector)
    mix = np.zeros(width)
    for head in range(num_heads):
        here = slice(head * size, (head + 1) * size)
        scores = [sum(query[here] * earlier[here]) / math.sqrt(size) for earlier in keys]
        weights = soften(scores)
        note(f"H{head + 1}_score", scores)
        note(f"H{head + 1}_attention", weights)
        for weight, earlier in zip(weights, values, strict=True):
            mix[here] += weight * earlier[here]
    return note("mix", mix)
