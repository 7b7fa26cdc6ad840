"""A number format, given by its bits: how many there are and what each part of them means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

KINDS = ("float", "integer", "codebook")
SPECIALS = ("ieee", "nan", "none")


@dataclass(frozen=True)
class NumberFormat:
    r"""An agreement on what `bits` bits mean.

    A `float` has a sign $s$, an exponent field $E$ and a mantissa $M$ of $p$ bits, and means
    $(-1)^s \cdot 2^{E - \text{bias}} \cdot (1 + M / 2^p)$; where $E = 0$ it is subnormal and means
    $(-1)^s \cdot 2^{1 - \text{bias}} \cdot M / 2^p$. An `integer` is two's complement or unsigned.
    A `codebook` lists the value of every code.

    Args:
        name: As in ml_dtypes and NumPy.
        label: As people write it.
        kind: `float`, `integer` or `codebook`.
        bits: Width of a code, 2 to 64.
        exponent_bits: Of a float.
        mantissa_bits: Of a float, the leading one left out.
        bias: What is subtracted from the exponent field.
        signed: Whether the first bit is a sign.
        specials: `ieee`: the largest exponent holds infinities and NaNs; `nan`: all bits one is
            NaN, and there is no infinity; `none`: every code is a number.
        subnormals: Whether an exponent field of zero drops the leading one. Without subnormals
            there is no zero.
        values: Of a codebook, ascending.

    Raises:
        ValueError: If a kind is unknown, or the parts do not add up to `bits`.

    Examples:
        >>> half = NumberFormat("float16", "FP16", "float", 16, 5, 10, 15, specials="ieee")
        >>> half.largest, half.smallest_normal == 2**-14, half.eps == 2**-10
        (65504.0, True, True)
        >>> NumberFormat("int4", "INT4", "integer", 4).lowest
        -8.0

    References:
        IEEE Std 754-2019, section 3.4.
    """

    name: str
    label: str
    kind: str
    bits: int
    exponent_bits: int = 0
    mantissa_bits: int = 0
    bias: int = 0
    signed: bool = True
    specials: str = "none"
    subnormals: bool = True
    values: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Check that the parts add up."""
        if self.kind not in KINDS or self.specials not in SPECIALS:
            raise ValueError(
                f"`kind` (={self.kind!r}) must be one of {KINDS}, and "
                f"`specials` (={self.specials!r}) one of {SPECIALS}"
            )
        parts = self.signed + self.exponent_bits + self.mantissa_bits
        if self.kind == "float" and (parts != self.bits or self.exponent_bits < 1):
            raise ValueError(
                f"{self.name}: sign, exponent and mantissa (={parts} bits together) must be "
                f"`bits` (={self.bits}), with an exponent of one bit or more"
            )
        if self.kind == "codebook" and len(self.values) != 2**self.bits:
            raise ValueError(
                f"{self.name}: `values` (={len(self.values)}) must be 2**`bits` (={2**self.bits})"
            )

    @property
    def min_exponent(self) -> int:
        """Exponent of the smallest normal number of a float."""
        return 1 - self.bias if self.subnormals else -self.bias

    @property
    def largest_code(self) -> int:
        """Code of the largest number, the sign bit left out."""
        if self.kind == "integer":
            return int(2 ** (self.bits - self.signed)) - 1
        if self.kind == "codebook":
            return len(self.values) - 1
        if self.specials == "ieee":
            return (int(2**self.exponent_bits) - 1 << self.mantissa_bits) - 1
        return int(2 ** (self.exponent_bits + self.mantissa_bits)) - 1 - (self.specials == "nan")

    @property
    def largest(self) -> float:
        """Largest finite value."""
        if self.kind == "integer":
            return float(self.largest_code)
        if self.kind == "codebook":
            return self.values[-1]
        p, code = self.mantissa_bits, self.largest_code
        significand = 2**p + (code & 2**p - 1)
        return math.ldexp(significand, (code >> p) - self.bias - p)

    @property
    def lowest(self) -> float:
        """Most negative value, or the least of a format without a sign."""
        if self.kind == "integer":
            return float(-self.largest_code - 1 if self.signed else 0)
        if self.kind == "codebook":
            return self.values[0]
        return -self.largest if self.signed else self.smallest_normal

    @property
    def smallest_normal(self) -> float:
        """Smallest positive value that has all bits of its mantissa; 1 for integers."""
        if self.kind == "float":
            return math.ldexp(1.0, self.min_exponent)
        return min(value for value in self.values if value > 0) if self.values else 1.0

    @property
    def smallest_subnormal(self) -> float:
        """Smallest positive value of all; that of `smallest_normal` without subnormals."""
        if self.kind == "float" and self.subnormals:
            return math.ldexp(1.0, self.min_exponent - self.mantissa_bits)
        return self.smallest_normal

    @property
    def eps(self) -> float:
        """Distance from 1 to the next larger value; NaN for a codebook."""
        if self.kind == "codebook":
            return math.nan
        return math.ldexp(1.0, -self.mantissa_bits)

    @property
    def has_infinity(self) -> bool:
        """Whether some code means infinity."""
        return self.specials == "ieee"

    @property
    def has_nan(self) -> bool:
        """Whether some code means "not a number"."""
        return self.specials != "none"

    @property
    def overflow(self) -> str:
        """What the standard makes of a number beyond the largest: `infinity`, `nan`, `saturate`."""
        if self.has_infinity:
            return "infinity"
        return "nan" if self.has_nan else "saturate"

    @property
    def dtype(self) -> Any:
        """The dtype of NumPy or ml_dtypes, or None: TF32 and NF4 have none."""
        import ml_dtypes
        import numpy as np

        found = getattr(ml_dtypes, self.name, None) or getattr(np, self.name, None)
        return None if found is None else np.dtype(found)
