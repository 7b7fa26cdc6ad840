"""Whole arrays as bytes: bits, as in bits.py, but many at once."""

from __future__ import annotations

import base64

import numpy as np
import numpy.typing as npt


def packed(array: npt.ArrayLike, dtype: str) -> str:
    """Return the bytes of an array, little end first, as base64."""
    return base64.b64encode(np.ascontiguousarray(array, dtype).tobytes()).decode()
