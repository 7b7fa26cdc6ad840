"""What a block of each GGUF type is made of, to the bit, and so its true bits per weight.

`explainer.checkpoints` knows how many bytes a block takes; here stands why. The encoders and
decoders cut their blocks by these same fields.
"""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jaxtyping import UInt8


@dataclass(frozen=True)
class BlockField:
    """One run of bytes in a block, and how many bits of it serve which purpose.

    Args:
        name: As llama.cpp's source names it.
        codes: Bits that tell weights apart.
        signs: Bits that are signs, where codes leave them out.
        scales: Bits of what codes are multiplied by.
        offsets: Bits of what is added or subtracted.
    """

    name: str
    codes: int = 0
    signs: int = 0
    scales: int = 0
    offsets: int = 0

    @property
    def num_bytes(self) -> int:
        """Bytes of the run."""
        return (self.codes + self.signs + self.scales + self.offsets) // 8


@dataclass(frozen=True)
class BlockLayout:
    """A block: how many weights share it, and its fields in order."""

    block_size: int
    fields: tuple[BlockField, ...]

    @property
    def num_bytes(self) -> int:
        """Bytes of one block."""
        return sum(field.num_bytes for field in self.fields)

    @property
    def bits_per_weight(self) -> float:
        """Bits of one block over its weights: exact, a dyadic fraction."""
        return 8 * self.num_bytes / self.block_size

    def bits_of(self, purpose: str) -> int:
        """Return the bits of a block that serve one purpose.

        Args:
            purpose: `codes`, `signs`, `scales` or `offsets`.
        """
        return sum(int(getattr(field, purpose)) for field in self.fields)

    def split(self, blocks: UInt8[Array, "n bytes"]) -> dict[str, Array]:
        """Return the bytes of each field, by its name.

        Args:
            blocks: One block a row.
        """
        parts, start = {}, 0
        for field in self.fields:
            parts[field.name] = blocks[:, start : start + field.num_bytes]
            start += field.num_bytes
        return parts


def _layout(block_size: int, *fields: BlockField) -> BlockLayout:
    return BlockLayout(block_size, fields)


_F = BlockField
_D = _F("d", scales=16)  # float16
_DMIN = _F("dmin", offsets=16)
_K_SCALES = _F("scales", scales=8 * 6, offsets=8 * 6)

LAYOUTS: dict[str, BlockLayout] = {
    "Q1_0": _layout(128, _D, _F("qs", codes=128)),
    "Q4_0": _layout(32, _D, _F("qs", codes=32 * 4)),
    "Q4_1": _layout(32, _D, _F("m", offsets=16), _F("qs", codes=32 * 4)),
    "Q5_0": _layout(32, _D, _F("qh", codes=32), _F("qs", codes=32 * 4)),
    "Q5_1": _layout(32, _D, _F("m", offsets=16), _F("qh", codes=32), _F("qs", codes=32 * 4)),
    "Q8_0": _layout(32, _D, _F("qs", codes=32 * 8)),
    # As gguf-py lists it, with float32 constants; such blocks hold activations, never a file.
    "Q8_1": _layout(32, _F("d", scales=32), _F("s", offsets=32), _F("qs", codes=32 * 8)),
    "Q2_K": _layout(
        256, _F("scales", scales=16 * 4, offsets=16 * 4), _F("qs", codes=256 * 2), _D, _DMIN
    ),
    "Q3_K": _layout(
        256, _F("hmask", codes=256), _F("qs", codes=256 * 2), _F("scales", scales=16 * 6), _D
    ),
    "Q4_K": _layout(256, _D, _DMIN, _K_SCALES, _F("qs", codes=256 * 4)),
    "Q5_K": _layout(256, _D, _DMIN, _K_SCALES, _F("qh", codes=256), _F("qs", codes=256 * 4)),
    "Q6_K": _layout(
        256, _F("ql", codes=256 * 4), _F("qh", codes=256 * 2), _F("scales", scales=16 * 8), _D
    ),
    # The sums of 16 codes each serve the offsets of the weights it is multiplied with.
    "Q8_K": _layout(256, _F("d", scales=32), _F("qs", codes=256 * 8), _F("bsums", offsets=16 * 16)),
    # IQ types: a code picks eight (or four) magnitudes at once from a table; 7 bits are the signs
    # of eight weights, whose product of signs is even; `qh` are the codes' upper bits.
    "IQ1_S": _layout(
        256, _D, _F("qs", codes=32 * 8), _F("qh", codes=32 * 3, scales=8 * 3, offsets=8)
    ),
    "IQ1_M": _layout(
        256,
        _F("qs", codes=32 * 8),
        _F("qh", codes=32 * 3, offsets=32),
        _F("scales", scales=16 * 3 + 16),  # the float16 in the bits that 3 x 5 leave over
    ),
    "IQ2_XXS": _layout(256, _D, _F("qs", codes=32 * 8, signs=32 * 7, scales=8 * 4)),
    "IQ2_XS": _layout(256, _D, _F("qs", codes=32 * 9, signs=32 * 7), _F("scales", scales=16 * 4)),
    "IQ2_S": _layout(
        256,
        _D,
        _F("qs", codes=32 * 8, signs=32 * 8),
        _F("qh", codes=32 * 2),
        _F("scales", scales=16 * 4),
    ),
    "IQ3_XXS": _layout(
        256, _D, _F("qs", codes=64 * 8), _F("scales_and_signs", signs=32 * 7, scales=8 * 4)
    ),
    "IQ3_S": _layout(
        256,
        _D,
        _F("qs", codes=64 * 8),
        _F("qh", codes=64),
        _F("signs", signs=256),
        _F("scales", scales=8 * 4),
    ),
    "IQ4_NL": _layout(32, _D, _F("qs", codes=32 * 4)),
    "IQ4_XS": _layout(
        256,
        _D,
        _F("scales_h", scales=8 * 2),
        _F("scales_l", scales=8 * 4),
        _F("qs", codes=256 * 4),
    ),
    # Three values a weight: five to a byte, or two bits each.
    "TQ1_0": _layout(256, _F("qs", codes=48 * 8), _F("qh", codes=4 * 8), _D),
    "TQ2_0": _layout(256, _F("qs", codes=256 * 2), _D),
    "MXFP4": _layout(32, _F("e", scales=8), _F("qs", codes=32 * 4)),
    "NVFP4": _layout(64, _F("d", scales=4 * 8), _F("qs", codes=64 * 4)),
}
"""Every quantized type of GGUF. References: ggml-common.h of llama.cpp; gguf-py's quants.py."""
