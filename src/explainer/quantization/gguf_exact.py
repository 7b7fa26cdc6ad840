"""The same five encoders step by step in NumPy, for files: bit for bit gguf-py's, on any machine.

NumPy rounds after every operation, as the C code does whose blocks these are, and it keeps
subnormal numbers. That is slower than `gguf_blocks.encode_blocks` by an order of magnitude, and
the place to read the formulas without the precautions that a compiler needs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explainer.quantization.gguf_blocks import ENCODED, check_row
from explainer.quantization.gguf_layouts import LAYOUTS

_TILE = 1 << 12
"""Blocks at a time: what they need stays in the processor's cache."""


def encode_exact(weight: npt.ArrayLike, *, qtype: str) -> npt.NDArray[np.uint8]:
    """Return the bytes of the blocks of each row.

    Args:
        weight: Shape `[..., d_in]`; finite, widened to float32.
        qtype: One of `gguf_blocks.ENCODED`.

    Returns:
        Shape `[..., d_in / 32 * bytes of a block]`.

    Raises:
        ValueError: If the type cannot be encoded, `d_in` is not a multiple of its block, or a
            weight is not finite.

    Examples:
        >>> encode_exact([[0.0] * 31 + [-8.0]], qtype="Q4_0")[0, :4].tolist()  # d is 1.0
        [0, 60, 136, 136]
    """
    values = np.asarray(weight, np.float32)
    check_row(values.shape, qtype, known=ENCODED)
    if not np.isfinite(values).all():
        raise ValueError("a weight must be finite to be stored in blocks (found NaN or infinity)")
    layout = LAYOUTS[qtype]
    blocks = values.reshape(-1, layout.block_size)
    encoded = np.empty((len(blocks), layout.num_bytes), np.uint8)
    # Scales below the float16 range become 0, and those below float32's have no inverse.
    with np.errstate(divide="ignore", over="ignore", invalid="ignore", under="ignore"):
        for start in range(0, len(blocks), _TILE):
            encoded[start : start + _TILE] = _encode(blocks[start : start + _TILE], qtype)
    *lead, d_in = values.shape
    return encoded.reshape(*lead, d_in // layout.block_size * layout.num_bytes)


def _encode(blocks: npt.NDArray[np.float32], qtype: str) -> npt.NDArray[np.uint8]:
    if qtype == "Q8_0":
        d = np.abs(blocks).max(-1, keepdims=True) / np.float32(127)
        scaled = blocks * _inverse(d)
        whole = np.floor(np.abs(scaled))
        q = np.sign(scaled) * (whole + np.floor(2 * (np.abs(scaled) - whole)))
        return np.concatenate([_bytes(d), q.astype(np.int8).view(np.uint8)], axis=-1)
    bits = int(qtype[1])
    if qtype.endswith("_0"):
        half = np.float32(2 ** (bits - 1))
        place = np.abs(blocks).argmax(-1, keepdims=True)
        d = np.take_along_axis(blocks, place, axis=-1) / -half
        constants = [_bytes(d)]
        codes = np.trunc(blocks * _inverse(d) + (half + np.float32(0.5)))
    else:
        least = blocks.min(-1, keepdims=True)
        d = (blocks.max(-1, keepdims=True) - least) / np.float32(2**bits - 1)
        constants = [_bytes(d), _bytes(least)]
        codes = np.trunc((blocks - least) * _inverse(d) + np.float32(0.5))
    q = codes.astype(np.uint8).clip(0, 2**bits - 1)
    if bits == 5:
        constants.append(np.packbits(q >> 4, axis=-1, bitorder="little"))
    return np.concatenate([*constants, (q[:, :16] & 15) | (q[:, 16:] << 4)], axis=-1)


def _inverse(d: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.where(d == 0, np.float32(0), 1 / d)


def _bytes(values: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    return values.astype(np.float16).view(np.uint8)
