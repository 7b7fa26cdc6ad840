r"""GGUF's super-blocks of 256 weights, decoded: Q2_K to Q6_K.

A super-block holds 16 or 8 blocks, each with a small integer for a scale (and one for an offset),
and one or two float16 that scale those integers: $w \approx d\,s_i\,q - d_{min}\,m_i$. Two levels
of scales cost fewer bits than a float16 for every 16 or 32 weights would.
"""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, UInt8

Fields = dict[str, Array]


def float16_at(field: UInt8[Array, "n 2"]) -> Float[Array, "n 1"]:
    """Return two bytes, the low one first, as the float16 that they are, widened to float32."""
    values: Array = lax.bitcast_convert_type(field, jnp.float16).astype(jnp.float32)
    return values[:, None]


def bits_at(field: UInt8[Array, "n bytes"], *, width: int, run: int = 0) -> UInt8[Array, "n codes"]:
    """Return the codes that share bytes, the lowest bits of all bytes of a run first.

    Args:
        field: Bytes, one block a row.
        width: Bits of a code: 1, 2 or 4.
        run: Bytes that are taken together; all, if 0.

    Returns:
        `8 / width` codes a byte.
    """
    num_blocks, num_bytes = field.shape
    runs = field.reshape(num_blocks, -1, 1, run or num_bytes)
    shifts = jnp.arange(0, 8, width, dtype=jnp.uint8)[None, None, :, None]
    codes: Array = (runs >> shifts) & jnp.uint8(2**width - 1)
    return codes.reshape(num_blocks, -1)


def _spread(constants: Array, values: Array) -> Array:
    """Give each of a super-block's constants to the weights of its block."""
    num_blocks, num_values = values.shape
    return jnp.repeat(constants, num_values // constants.shape[1], axis=1).reshape(num_blocks, -1)


def _decode_2(fields: Fields) -> Array:
    d, dmin = float16_at(fields["d"]), float16_at(fields["dmin"])
    q = bits_at(fields["qs"], width=2, run=32).astype(jnp.float32)
    scale = d * (fields["scales"] & 15).astype(jnp.float32)  # [n 16]
    offset = dmin * (fields["scales"] >> 4).astype(jnp.float32)
    return _spread(scale, q) * q - _spread(offset, q)


def _decode_3(fields: Fields) -> Array:
    # Sixteen scales of six bits, plus 32: four low bits in eight bytes, two high ones in four.
    low = bits_at(fields["scales"][:, :8], width=4)
    high = bits_at(fields["scales"][:, 8:], width=2)
    scale = float16_at(fields["d"]) * ((low | (high << 4)).astype(jnp.float32) - 32)
    q = bits_at(fields["qs"], width=2, run=32).astype(jnp.float32)
    # A bit of the mask that is not set takes 4 away: codes from -4 to 3.
    q = q - 4 + 4 * bits_at(fields["hmask"], width=1).astype(jnp.float32)
    return _spread(scale, q) * q


def _scales_and_offsets(scales: Array) -> tuple[Array, Array]:
    """Return eight scales and eight offsets of six bits each, from twelve bytes.

    The first four of each fill the low six bits of bytes 0-3 and 4-7. Of the last four, the low
    four bits lie in bytes 8-11 (scale low, offset high), the high two above the first four.
    """
    first, second, third = scales[:, :4], scales[:, 4:8], scales[:, 8:]
    scale = [first & 63, (third & 15) | ((first >> 2) & 48)]
    offset = [second & 63, (third >> 4) | ((second >> 2) & 48)]
    return tuple(  # type: ignore[return-value]
        jnp.concatenate(halves, axis=1).astype(jnp.float32) for halves in (scale, offset)
    )


def _decode_4_or_5(fields: Fields) -> Array:
    scales, offsets = _scales_and_offsets(fields["scales"])
    q = bits_at(fields["qs"], width=4, run=32)
    if "qh" in fields:
        q = q | (bits_at(fields["qh"], width=1) << 4)
    values = q.astype(jnp.float32)
    scale, offset = float16_at(fields["d"]) * scales, float16_at(fields["dmin"]) * offsets
    return _spread(scale, values) * values - _spread(offset, values)


def _decode_6(fields: Fields) -> Array:
    q = bits_at(fields["ql"], width=4, run=64) | (bits_at(fields["qh"], width=2, run=32) << 4)
    values = q.astype(jnp.float32) - 32
    scales = lax.bitcast_convert_type(fields["scales"], jnp.int8).astype(jnp.float32)
    return _spread(float16_at(fields["d"]) * scales, values) * values


K_DECODERS: dict[str, Callable[[Fields], Array]] = {
    "Q2_K": _decode_2,
    "Q3_K": _decode_3,
    "Q4_K": _decode_4_or_5,
    "Q5_K": _decode_4_or_5,
    "Q6_K": _decode_6,
}
"""From the fields of super-blocks, `[n bytes]` each, to weights `[n 256]`."""
