"""Polynomials as NumPy fits them, by another method: the singular value decomposition."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.polynomial import Legendre, legendre

from tests.javascript.bits import hex64


def polynomial_cases() -> list[dict[str, Any]]:
    """Return points, coefficients of every degree, errors, and values between the points."""
    rng = np.random.default_rng(0)
    found = []
    for spread in (0.0, 0.3, 3.0):
        x = np.linspace(-1, 1, 15)
        y = np.sin(np.pi * x) + spread * rng.normal(size=x.size)
        places = rng.uniform(-1, 1, 20)
        for degree in range(15):
            curve = Legendre.fit(x, y, degree, domain=[-1, 1])
            case = {"x": x, "y": y, "coefficients": curve.coef, "places": places}
            case["values"] = curve(places)
            case["error"] = np.asarray(np.mean((curve(x) - y) ** 2))
            case["basis"] = legendre.legvander(places, degree)
            found.append({name: hex64(value) for name, value in case.items()} | {"degree": degree})
    return found
