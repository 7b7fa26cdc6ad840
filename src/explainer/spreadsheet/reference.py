"""The tiny GPT in NumPy, in double precision: the values that stand beside the formulas.

A spreadsheet calculates in float64 with the decimals that its cells hold. So does this, and names
every intermediate; JAX is not needed to write a workbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Tree = dict[str, Any]

EPSILON = 1e-5


@dataclass(frozen=True)
class Trace:
    """A prompt, what the model appends to it, and every intermediate on the way.

    Args:
        tokens: Ids at all positions, the typed ones and the model's own, `[T]`.
        typed: How many of them were typed.
        values: Every intermediate by name: `embedding`, `L1_q`, …, `logits`.
    """

    tokens: tuple[int, ...]
    typed: int
    values: dict[str, Values]

    @property
    def following(self) -> tuple[int, ...]:
        """The id that the model holds most probable after each position, `[T]`."""
        return tuple(self.values["logits"].argmax(axis=1).tolist())

    @property
    def continuation(self) -> tuple[int, ...]:
        """What the model appends: its own tokens, and the one after the last position."""
        return (*self.tokens[self.typed :], self.following[-1])


def decimals(params: Mapping[str, Any]) -> Tree:
    """Return parameters as the doubles that their shortest decimals stand for.

    A float32 is written in a cell as the shortest decimal that means it and no other float32:
    0.1, not 0.10000000149. As a double that decimal is another number, by less than half a step
    of float32, and the one that a spreadsheet calculates with.

    Args:
        params: A tree of dicts with float32 arrays as leaves.

    Returns:
        The same tree of float64 arrays.

    Examples:
        >>> decimals({"bias": np.float32([0.1])})["bias"].tolist()
        [0.1]
    """
    found: Tree = {}
    for name, leaf in params.items():
        if isinstance(leaf, Mapping):
            found[name] = decimals(leaf)
        else:
            array = np.asarray(leaf)
            shortest = [float(str(number)) for number in array.ravel()]
            found[name] = np.array(shortest, np.float64).reshape(array.shape)
    return found


def continue_prompt(params: Tree, prompt: Sequence[int], *, num_heads: int) -> Trace:
    """Let the model append its most probable token until the context is full.

    Args:
        params: The parameters in float64, see `decimals`.
        prompt: Ids, at least one; what is beyond the context is dropped.
        num_heads: Heads of each layer.
    """
    context = len(params["position_embedding"])
    tokens = list(prompt[:context])
    typed = len(tokens)
    while True:
        padded = tokens + [0] * (context - len(tokens))  # later positions change no earlier one
        values = trace(params, padded, num_heads=num_heads)
        if len(tokens) == context:
            return Trace(tuple(tokens), typed, values)
        tokens.append(int(values["logits"][len(tokens) - 1].argmax()))


def trace(params: Tree, tokens: Sequence[int], *, num_heads: int) -> dict[str, Values]:
    """Return every intermediate of one forward pass by name.

    Args:
        params: The parameters in float64.
        tokens: Ids, `[T]`.
        num_heads: N.

    Returns:
        `embedding [T D]`; for layer l from 1 `Ll_attention_{mean,deviation} [T 1]`,
        `Ll_attention_norm`, `Ll_q`, `Ll_k`, `Ll_mix`, `Ll_middle [T D]`, `Ll_v_turned [D T]`, for
        head n from 1 `Ll_Hn_{score,exponential,attention} [T T]` and `Ll_Hn_{top,total} [T 1]`,
        `Ll_mlp_…` like the attention's norm, `Ll_up`, `Ll_gelu [T F]`, `Ll_out [T D]`; at last
        `final_…`, `logits`, `exponential`, `probability [T V]`, `top`, `total [T 1]`.
    """
    found: dict[str, Values] = {}
    x = params["token_embedding"][list(tokens)] + params["position_embedding"][: len(tokens)]
    found["embedding"] = x
    blocks = params["blocks"]
    for layer in range(len(blocks["up"]["bias"])):
        block = {
            name: {kind: stacked[layer] for kind, stacked in part.items()}
            for name, part in blocks.items()
        }
        here: dict[str, Values] = {}
        x = _attend(block, x, num_heads, here)
        x = _feed_forward(block, x, here)
        found |= {f"L{layer + 1}_{name}": values for name, values in here.items()}
    x = _normalise(params["ln_final"], x, "final", found)
    found["logits"] = x @ params["token_embedding"].T
    _soften(found["logits"], "", found, name="probability")
    return found


def _normalise(norm: Tree, x: Values, name: str, found: dict[str, Values]) -> Values:
    mean = x.mean(axis=1, keepdims=True)
    deviation = np.sqrt(((x - mean) ** 2).mean(axis=1, keepdims=True) + EPSILON)
    found[f"{name}_mean"], found[f"{name}_deviation"] = mean, deviation
    found[f"{name}_norm"] = (x - mean) / deviation * norm["gain"] + norm["bias"]
    return found[f"{name}_norm"]


def _soften(scores: Values, prefix: str, found: dict[str, Values], *, name: str) -> Values:
    found[f"{prefix}top"] = scores.max(axis=1, keepdims=True)
    found[f"{prefix}exponential"] = np.exp(scores - found[f"{prefix}top"])
    found[f"{prefix}total"] = found[f"{prefix}exponential"].sum(axis=1, keepdims=True)
    found[f"{prefix}{name}"] = found[f"{prefix}exponential"] / found[f"{prefix}total"]
    return found[f"{prefix}{name}"]


def _attend(block: Tree, x: Values, num_heads: int, found: dict[str, Values]) -> Values:
    normed = _normalise(block["ln_attention"], x, "attention", found)
    q, k, v = np.split(normed @ block["qkv"]["weight"].T + block["qkv"]["bias"], 3, axis=1)
    found |= {"q": q, "k": k, "v_turned": v.T}
    d_head = x.shape[1] // num_heads
    seen = np.tri(len(x), dtype=bool)  # [T T]: position t sees 1 to t
    mixes = []
    for head in range(num_heads):
        part = slice(head * d_head, (head + 1) * d_head)
        scores = np.where(seen, q[:, part] @ k[:, part].T / np.sqrt(d_head), -np.inf)
        found[f"H{head + 1}_score"] = scores
        mixes.append(_soften(scores, f"H{head + 1}_", found, name="attention") @ v[:, part])
    found["mix"] = np.concatenate(mixes, axis=1)
    projected = found["mix"] @ block["projection"]["weight"].T + block["projection"]["bias"]
    found["middle"] = x + projected
    return found["middle"]


def _feed_forward(block: Tree, x: Values, found: dict[str, Values]) -> Values:
    normed = _normalise(block["ln_mlp"], x, "mlp", found)
    up = found["up"] = normed @ block["up"]["weight"].T + block["up"]["bias"]
    found["gelu"] = 0.5 * up * (1 + np.tanh(np.sqrt(2 / np.pi) * (up + 0.044715 * up**3)))
    down = found["gelu"] @ block["down"]["weight"].T + block["down"]["bias"]
    found["out"] = x + down
    return found["out"]
