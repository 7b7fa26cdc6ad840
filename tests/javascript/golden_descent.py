"""Walks in a valley, in Python's own double precision: the same to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.javascript.bits import hex64


def descent_cases() -> list[dict[str, Any]]:
    """Return walks from timid to running away."""
    rng = np.random.default_rng(0)
    found = []
    for rate in [0.01, 0.25, 0.45, 0.5, 0.51, *rng.uniform(0, 0.6, 40).tolist()]:
        w, curvature = float(rng.normal()), 4.0
        path = [w]
        for _ in range(50):
            w = w - rate * curvature * w
            path.append(w)
        near = next((at for at, w in enumerate(path) if abs(w) < 0.001), -1)
        found.append({"rate": hex64(rate), "path": hex64(path), "arrival": near})
    return found
