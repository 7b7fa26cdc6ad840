r"""GGUF's blocks of 32 weights: encode and decode Q4_0, Q4_1, Q5_0, Q5_1 and Q8_0, jitted.

Q4_0 and Q5_0 store $d$ and codes, $w \approx d\,(q - 2^{b-1})$, where $d$ makes the weight of
largest magnitude the most negative code. Q8_0 stores $w \approx d\,q$. Q4_1 and Q5_1 store the
least weight too, $w \approx d\,q + m$. The constants $d$ and $m$ are float16.

**Bit for bit.** Decoding equals gguf-py's for all finite constants, compiled or not: a product of
a code and a float16 needs at most 24 bits, so nothing is rounded before the sum. Encoding equals
gguf-py's on a CPU where the scale is a normal float32. XLA takes a smaller one (below $2^{-126}$)
for zero; as a float16 it is zero in either case, so the weights decode to the same and only the
codes differ. Other devices may divide less exactly: `gguf_exact.encode_exact` is for files.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, UInt8

from explainer.quantization.gguf_k_blocks import K_DECODERS, bits_at, float16_at
from explainer.quantization.gguf_layouts import LAYOUTS

ENCODED = ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0")
"""The types that can be encoded."""
DECODED = (*ENCODED, *K_DECODERS)
"""The types that can be decoded."""
_LARGE = 3e38


def encode_blocks(
    weight: Float[Array, "*lead d_in"], *, qtype: str
) -> UInt8[Array, "*lead row_bytes"]:
    r"""Return the bytes of the blocks of each row, as a GGUF file holds them.

    Args:
        weight: Shape `[..., d_in]`; any float type, widened to float32. Not finite: the scale of
            such a block is not either, and it decodes to infinities and NaN.
        qtype: One of `ENCODED`.

    Returns:
        Shape `[..., d_in / 32 * bytes of a block]`.

    Raises:
        ValueError: If the type cannot be encoded, or `d_in` is not a multiple of its block.

    Examples:
        >>> encode_blocks(jnp.linspace(-1, 1, 64).reshape(2, 32), qtype="Q4_0").shape
        (2, 18)

    References:
        ggml-quants.c of llama.cpp, the functions quantize_row_*_ref; gguf-py's quants.py.
    """
    check_row(weight.shape, qtype, known=ENCODED)
    blocks: Array = _encode(weight, qtype=qtype)
    return blocks


def decode_blocks(
    blocks: UInt8[Array, "*lead row_bytes"], *, qtype: str
) -> Float[Array, "*lead d_in"]:
    """Return the weights that a row of blocks stands for.

    Args:
        blocks: Bytes as a GGUF file holds them, shape `[..., row_bytes]`.
        qtype: One of `DECODED`.

    Returns:
        float32, shape `[..., row_bytes / bytes of a block * weights of a block]`.

    Raises:
        ValueError: If the type cannot be decoded, or a row does not end with a block.

    Examples:
        >>> blocks = encode_blocks(jnp.linspace(-1, 1, 32), qtype="Q8_0")
        >>> [round(float(w), 3) for w in decode_blocks(blocks, qtype="Q8_0")[:3]]
        [-1.0, -0.937, -0.874]
    """
    if qtype not in DECODED:
        raise ValueError(f"`qtype` (={qtype!r}) must be one of {', '.join(DECODED)}")
    block_bytes = LAYOUTS[qtype].num_bytes
    if not blocks.shape or blocks.shape[-1] % block_bytes:
        raise ValueError(
            f"a row of {qtype} must be a multiple of {block_bytes} bytes (shape {blocks.shape})"
        )
    weight: Array = _decode(blocks, qtype=qtype)
    return weight


def check_row(shape: tuple[int, ...], qtype: str, *, known: tuple[str, ...]) -> None:
    """Refuse a type that is not known and a row that is no whole number of blocks."""
    if qtype not in known:
        raise ValueError(f"`qtype` (={qtype!r}) must be one of {', '.join(known)}")
    block_size = LAYOUTS[qtype].block_size
    if not shape or shape[-1] % block_size:
        raise ValueError(
            f"`d_in` must be divisible by {block_size}, the block of {qtype} (shape {shape})"
        )


@partial(jax.jit, static_argnames="qtype")
def _encode(weight: Array, *, qtype: str) -> Array:
    blocks = weight.astype(jnp.float32).reshape(-1, LAYOUTS[qtype].block_size)
    if qtype == "Q8_0":
        encoded = _encode_8(blocks)
    elif qtype.endswith("_0"):
        encoded = _encode_signed(blocks, bits=int(qtype[1]))
    else:
        encoded = _encode_from_least(blocks, bits=int(qtype[1]))
    *lead, d_in = weight.shape
    row_bytes = d_in // LAYOUTS[qtype].block_size * LAYOUTS[qtype].num_bytes
    return encoded.reshape(*lead, row_bytes)


def _scale_and_inverse(span: Array, codes: float) -> tuple[Array, Array]:
    """Return span / codes and its inverse, 0 for 0, rounded twice as plain C would.

    XLA would multiply by the reciprocal of a constant, and would turn 1 / (a / b) into b / a: the
    divisor must not look constant, nor the quotient like one.
    """
    d = jnp.minimum(span / (codes + 0 * span), _LARGE)
    return d, jnp.where(d == 0, 0.0, 1 / d)


def _encode_8(blocks: Array) -> Array:
    d, inverse = _scale_and_inverse(jnp.abs(blocks).max(-1, keepdims=True), 127.0)
    # roundf of C: halves away from zero. `jnp.round` would take them to the even side.
    q = lax.round(blocks * inverse, lax.RoundingMethod.AWAY_FROM_ZERO).astype(jnp.int8)
    return jnp.concatenate([_float16_bytes(d), lax.bitcast_convert_type(q, jnp.uint8)], axis=-1)


def _encode_signed(blocks: Array, *, bits: int) -> Array:
    half = 2.0 ** (bits - 1)
    d, inverse = _scale_and_inverse(_first_largest(blocks), -half)
    # The clip changes nothing; it keeps the product from being fused with the sum and so from
    # being rounded once where C rounds twice.
    scaled = jnp.clip(blocks * inverse, -half - 1, half + 1)
    return _with_codes([d], (scaled + (half + 0.5)).astype(jnp.uint8), bits=bits)


def _encode_from_least(blocks: Array, *, bits: int) -> Array:
    least = blocks.min(-1, keepdims=True)
    largest_code = 2.0**bits - 1
    d, inverse = _scale_and_inverse(blocks.max(-1, keepdims=True) - least, largest_code)
    scaled = jnp.clip((blocks - least) * inverse, -1.0, largest_code + 1)
    return _with_codes([d, least], (scaled + 0.5).astype(jnp.uint8), bits=bits)


def _first_largest(blocks: Array) -> Array:
    """Return the weight of largest magnitude, with its sign; the first of equals."""
    size = jnp.maximum(blocks.max(-1, keepdims=True), -blocks.min(-1, keepdims=True))
    place = lax.broadcasted_iota(jnp.int32, blocks.shape, 1)
    # Place and sign in one number: a reduction more, ten times as fast as argmax and a gather.
    first = jnp.where(
        jnp.abs(blocks) == size, 2 * place + jnp.signbit(blocks).astype(jnp.int32), 64
    )
    return jnp.where(first.min(-1, keepdims=True) % 2 == 1, -size, size)


def _with_codes(constants: list[Array], codes: Array, *, bits: int) -> Array:
    """Return constants, fifth bits if any, and nibbles: low half | high half << 4."""
    codes = jnp.minimum(codes, jnp.uint8(2**bits - 1))
    fields = [_float16_bytes(constant) for constant in constants]
    if bits == 5:
        fifth = (codes >> 4).reshape(-1, 4, 8) << jnp.arange(8, dtype=jnp.uint8)[None, None]
        fields.append(fifth.sum(-1, dtype=jnp.uint8))
    fields.append((codes[:, :16] & 15) | (codes[:, 16:] << 4))
    return jnp.concatenate(fields, axis=-1)


def _float16_bytes(values: Array) -> Array:
    return lax.bitcast_convert_type(values[:, 0].astype(jnp.float16), jnp.uint8)


@partial(jax.jit, static_argnames="qtype")
def _decode(blocks: Array, *, qtype: str) -> Array:
    layout = LAYOUTS[qtype]
    fields = layout.split(blocks.reshape(-1, layout.num_bytes))
    weight = K_DECODERS[qtype](fields) if qtype in K_DECODERS else _decode_32(fields, qtype)
    *lead, row_bytes = blocks.shape
    return weight.reshape(*lead, row_bytes // layout.num_bytes * layout.block_size)


def _decode_32(fields: dict[str, Array], qtype: str) -> Array:
    d = float16_at(fields["d"])
    if qtype == "Q8_0":
        return d * lax.bitcast_convert_type(fields["qs"], jnp.int8).astype(jnp.float32)
    q = bits_at(fields["qs"], width=4)
    if "qh" in fields:
        places = jnp.arange(8, dtype=jnp.uint8)[None, None]
        high = (fields["qh"][:, :, None] >> places) & 1  # [n 4 8]: one weight a bit, in order
        q = q | (high.reshape(-1, 32) << 4)
    values = q.astype(jnp.float32)
    if "m" in fields:
        return d * values + float16_at(fields["m"])
    return d * (values - 2.0 ** (int(qtype[1]) - 1))
