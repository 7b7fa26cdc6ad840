r"""Codes of one to eight bits, packed into bytes.

A width that does not divide eight is split as GGUF splits Q5_0: low bits and high bits lie in
planes of their own (3 = 2 + 1, 5 = 4 + 1, 6 = 4 + 2, 7 = 4 + 2 + 1), one plane after the other.

Within a plane of four bits, byte $i$ of a row of $n$ codes holds code $i$ in its low half and code
$i + n/2$ in its high half: two contiguous halves, which a processor reads as they lie. (Neighbours
in one byte, the other habit, cost five times the time on a CPU: every second element is a gather.)
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jaxtyping import Integer, UInt8

_PLANES = {1: (1,), 2: (2,), 3: (2, 1), 4: (4,), 5: (4, 1), 6: (4, 2), 7: (4, 2, 1), 8: (8,)}


def packed_bytes(num_codes: int, *, bits: int) -> int:
    """Return how many bytes a row of codes takes; each plane fills its last byte with zeros.

    Args:
        num_codes: Codes in the row.
        bits: Width of a code, 1 to 8.

    Returns:
        A count of bytes.

    Examples:
        >>> packed_bytes(32, bits=4), packed_bytes(32, bits=6), packed_bytes(3, bits=2)
        (16, 24, 1)
    """
    return sum(-(-num_codes * width // 8) for width in _planes(bits))


def pack(codes: Integer[Array, "*rows n"], *, bits: int) -> UInt8[Array, "*rows bytes"]:
    """Return the codes packed into bytes, row by row.

    Args:
        codes: Unsigned codes, 0 to $2^{bits} - 1$, of any integer dtype; higher bits are dropped.
        bits: Width of a code, 1 to 8.

    Returns:
        Bytes, `packed_bytes(n, bits=bits)` a row.

    Raises:
        ValueError: If `bits` is not 1 to 8.

    Examples:
        >>> pack(jnp.array([1, 2, 3, 4]), bits=4).tolist()  # 0x31, 0x42
        [49, 66]
    """
    codes = codes.astype(jnp.uint8)
    planes, shift = [], 0
    for width in _planes(bits):
        planes.append(_pack_plane((codes >> shift) & jnp.uint8(2**width - 1), width))
        shift += width
    return planes[0] if len(planes) == 1 else jnp.concatenate(planes, axis=-1)


def unpack(
    packed: UInt8[Array, "*rows bytes"], num_codes: int, *, bits: int
) -> UInt8[Array, "*rows {num_codes}"]:
    """Return the codes that `pack` packed.

    Args:
        packed: Bytes, row by row.
        num_codes: Codes in a row.
        bits: Width of a code, 1 to 8.

    Returns:
        Unsigned codes, one a byte.

    Raises:
        ValueError: If `bits` is not 1 to 8, or a row has another number of bytes.

    Examples:
        >>> unpack(jnp.array([49, 66], jnp.uint8), 4, bits=4).tolist()
        [1, 2, 3, 4]
    """
    expected = packed_bytes(num_codes, bits=bits)
    if packed.shape[-1] != expected:
        raise ValueError(
            f"{num_codes} codes of {bits} bits take {expected} bytes a row "
            f"(the rows have {packed.shape[-1]})"
        )
    codes, shift, start = None, 0, 0
    for width in _planes(bits):
        end = start + packed_bytes(num_codes, bits=width)
        plane = _unpack_plane(packed[..., start:end], num_codes, width) << shift
        codes = plane if codes is None else codes | plane
        shift, start = shift + width, end
    assert codes is not None
    return codes


def _planes(bits: int) -> tuple[int, ...]:
    if bits not in _PLANES:
        raise ValueError(f"`bits` (={bits}) must be 1 to 8")
    return _PLANES[bits]


def _pack_plane(codes: Array, width: int) -> Array:
    """Put 8 / width contiguous parts of each row above each other in its bytes."""
    parts = 8 // width
    if parts == 1:
        return codes
    short = -codes.shape[-1] % parts
    if short:
        codes = jnp.pad(codes, [(0, 0)] * (codes.ndim - 1) + [(0, short)])
    pieces = jnp.split(codes, parts, axis=-1)
    packed = pieces[0]
    for place, piece in enumerate(pieces[1:], start=1):
        packed = packed | (piece << (width * place))
    return packed


def _unpack_plane(packed: Array, num_codes: int, width: int) -> Array:
    if width == 8:
        return packed
    mask = jnp.uint8(2**width - 1)
    pieces = [(packed >> (width * place)) & mask for place in range(8 // width)]
    return jnp.concatenate(pieces, axis=-1)[..., :num_codes]
