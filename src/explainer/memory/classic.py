r"""The formula that circulates for the memory of a model, and what its factor of 1.2 buys.

$M = \dfrac{P \cdot 4 \cdot 1.2}{32 / Q}$ has two numbers that cancel: it is $1.2\,PQ/8$ bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

SURCHARGE = Fraction(12, 10)
"""What the formula multiplies the weights by."""
SIZES = tuple(10**9 * Fraction(size) for size in ("1.5", "7", "14", "32", "70"))
WIDTHS = (4, 8, 16)


@dataclass(frozen=True)
class ClassicRow:
    """One row of the table that goes with the formula."""

    billions: float
    bits: int
    classic_bytes: int


def classic_bytes(parameters: int, bits: int | float) -> int:
    r"""Return the memory of a model by the formula that circulates.

    $M = P \cdot 4 \cdot 1.2 / (32 / Q) = 1.2 \cdot P \cdot Q / 8$

    Args:
        parameters: $P$, as a count; with billions in its place, the result would be in GB.
        bits: $Q$, nominal bits of a weight, above 0.

    Returns:
        Bytes, rounded to the nearest.

    Raises:
        ValueError: If a value is out of range.

    Examples:
        >>> classic_bytes(7 * 10**9, 16)
        16800000000
    """
    if parameters < 0:
        raise ValueError(f"`parameters` (={parameters}) must be at least 0")
    if not bits > 0:
        raise ValueError(f"`bits` (={bits}) must be above 0")
    return round(SURCHARGE * parameters * Fraction(bits) / 8)


def classic_table() -> tuple[ClassicRow, ...]:
    """Return the fifteen rows that are printed with the formula: five sizes, three widths.

    Examples:
        >>> [row.classic_bytes for row in classic_table()][:3]
        [900000000, 1800000000, 3600000000]
    """
    return tuple(
        ClassicRow(float(size / 10**9), bits, classic_bytes(int(size), bits))
        for size in SIZES
        for bits in WIDTHS
    )


def surcharge_tokens(weights_bytes: int, bytes_per_token: int) -> int:
    r"""Return how many tokens of context the surcharge pays for, and nothing else.

    $\lfloor 0.2 \cdot \text{weights} / \text{bytes per token} \rfloor$

    Args:
        weights_bytes: Bytes of the weights.
        bytes_per_token: Bytes of the cache of one token.

    Returns:
        Whole tokens.

    Raises:
        ValueError: If `bytes_per_token` is not positive.

    Examples:
        >>> surcharge_tokens(2 * 6_738_415_616, 524_288)
        5141
    """
    if bytes_per_token <= 0:
        raise ValueError(f"`bytes_per_token` (={bytes_per_token}) must be above 0")
    return int((SURCHARGE - 1) * weights_bytes / bytes_per_token)
