"""Softmax at a temperature, as the library computes it in double precision."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from scipy.stats import entropy

from tests.javascript.bits import hex64


def softmax_cases() -> list[dict[str, Any]]:
    """Return logits, temperatures, probabilities and their entropy."""
    rng = np.random.default_rng(0)
    found = []
    for temperature in (0.05, 0.5, 1.0, 2.0, 8.0, 100.0):
        for spread in (0.1, 1.0, 30.0, 900.0):
            logits = spread * rng.normal(size=10)
            with jax.enable_x64(True):
                soft = np.asarray(jax.nn.softmax(jax.numpy.asarray(logits / temperature)))
            values = {"logits": logits, "temperature": temperature, "soft": soft}
            values["entropy"] = entropy(soft, base=2)
            found.append({name: hex64(value) for name, value in values.items()})
    return found
