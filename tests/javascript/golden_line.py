"""Lines as NumPy fits them, in double precision, and as the library does, in single."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainer.line import fit_line, mean_squared_error
from tests.javascript.bits import hex64


def line_cases() -> list[dict[str, Any]]:
    """Return points, the line through their middle and its loss."""
    rng = np.random.default_rng(0)
    found = []
    for size in (2, 3, 6, 50):
        for scale in (1e-3, 1.0, 1e3):
            x, y = scale * rng.normal(size=size), rng.normal(size=size)
            slope, intercept = np.polyfit(x, y, 1)
            loss = np.mean((slope * x + intercept - y) ** 2)
            found.append(_case(x, y, slope, intercept, loss, tolerance=1e-9))
    x, y = rng.normal(size=(2, 20)).astype(np.float32)
    line = fit_line(x, y)
    loss = mean_squared_error(line(x), y)
    found.append(_case(x, y, line.slope, line.intercept, loss, tolerance=1e-5))
    return found


def _case(
    x: Any, y: Any, slope: Any, intercept: Any, loss: Any, tolerance: float
) -> dict[str, Any]:
    names = {"x": x, "y": y, "slope": slope, "intercept": intercept, "loss": loss}
    return {name: hex64(value) for name, value in names.items()} | {"tolerance": tolerance}
