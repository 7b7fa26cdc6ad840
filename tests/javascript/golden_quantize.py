"""Golden cases of quantization, as bit patterns: what compute/quantize.js must reproduce."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from explainer.quantization import quantize
from tests.javascript.arrays import packed

NUM_TENSORS = 10_000
SHAPE = (4, 32)
BLOCK_SIZE = 16
NUM_BINS = 15


def tensors(count: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return weights of many kinds: smooth, with ties, an outlier, zeros, one-sided, not finite."""
    found = rng.standard_normal((count, *SHAPE)) * np.exp2(rng.uniform(-12, 6, (count, 1, 1)))
    kind = np.arange(count) % 8
    found[kind == 1] = np.rint(rng.uniform(-127, 127, found[kind == 1].shape)) / 16  # many ties
    found[kind == 2, 1, 5] *= 50
    found[kind == 3] = np.abs(found[kind == 3])
    found[kind == 4] = rng.standard_t(2, found[kind == 4].shape)
    found[kind == 5] *= rng.random(found[kind == 5].shape) < 0.2
    found[kind == 6, 2] = 0
    found[49::97] = 0
    found[50::97, 0, 3] = np.nan
    found[51::97, 3, 9] = np.inf
    return found.astype(np.float32)


def quantize_cases() -> list[dict[str, Any]]:
    """Return, for each setting, tensors and what the library makes of them."""
    rng = np.random.default_rng(0)
    settings = list(product(range(2, 9), (True, False), ("tensor", "channel", "group")))
    share = -(-NUM_TENSORS // len(settings))
    return [
        _cases(tensors(share, rng), bits, symmetric, granularity)
        for bits, symmetric, granularity in settings
    ]


def _cases(
    weights: npt.NDArray[np.float32], bits: int, symmetric: bool, granularity: Any
) -> dict[str, Any]:
    settings: dict[str, Any] = {"bits": bits, "symmetric": symmetric, "granularity": granularity}
    found = [quantize(weight, block_size=BLOCK_SIZE, **settings) for weight in weights]
    zero_points = [] if symmetric else [np.asarray(each.zero_point) for each in found]
    restored = np.array([each.dequantize() for each in found], np.float32)
    first = weights[0].astype(np.float64)
    error = restored[0].astype(np.float64) - first
    with np.errstate(invalid="ignore"):
        codes = np.array([np.asarray(each.codes(), np.int16) for each in found])
    counts, edges = np.histogram(error, NUM_BINS, (-0.25, 0.25))
    return {
        "settings": settings | {"blockSize": BLOCK_SIZE},
        "shape": SHAPE,
        "weights": packed(weights, "<f4"),
        "codes": packed(codes, "<i2"),
        "scales": packed([each.scale for each in found], "<f4"),
        "zero_points": packed(zero_points, "<u1"),
        "restored": packed(restored, "<f4"),
        "bits_per_weight": packed([each.bits_per_weight for each in found], "<f8"),
        "relative_error": packed(np.linalg.norm(error) / np.linalg.norm(first), "<f8"),
        "counts": packed(counts, "<u4"),
        "edges": packed(edges, "<f8"),
    }
