"""The formula that circulates, against the table printed with it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from explainer.memory.classic import classic_bytes, classic_table, surcharge_tokens

PRINTED = {  # tenths of a GB, multiplied by hand
    1.5: (0.9, 1.8, 3.6),
    7.0: (4.2, 8.4, 16.8),
    14.0: (8.4, 16.8, 33.6),
    32.0: (19.2, 38.4, 76.8),
    70.0: (42.0, 84.0, 168.0),
}


def test_fifteen_rows() -> None:
    """All fifteen rows equal those that are printed with the formula."""
    rows = {(row.billions, row.bits): row.classic_bytes for row in classic_table()}
    assert len(rows) == 15
    for billions, row in PRINTED.items():
        for bits, gigabytes in zip((4, 8, 16), row, strict=True):
            assert rows[billions, bits] == round(gigabytes * 10) * 10**8


def test_as_printed() -> None:
    """Shortening the formula does not change it."""
    for parameters in (1, 7 * 10**9, 671_026_404_352):
        for bits in (2, 3, 4.5, 8, 16, 32):
            printed = Fraction(parameters) * 4 * Fraction("1.2") / (32 / Fraction(bits))
            assert classic_bytes(parameters, bits) == round(printed)


@pytest.mark.parametrize(
    ("weights", "per_token", "tokens"),
    [
        (2 * 6_738_415_616, 524_288, 5_141),
        (2 * 8_030_261_248, 131_072, 24_506),
        (2 * 70_553_706_496, 327_680, 86_125),
    ],
)
def test_surcharge(weights: int, per_token: int, tokens: int) -> None:
    """A fifth of the weights in FP16 pays for this many tokens, divided by hand."""
    assert surcharge_tokens(weights, per_token) == tokens


def test_refusals() -> None:
    """Values out of range are refused by rule and value."""
    with pytest.raises(ValueError, match=r"`bits` \(=0\) must be above 0"):
        classic_bytes(1, 0)
    with pytest.raises(ValueError, match=r"`parameters` \(=-1\)"):
        classic_bytes(-1, 4)
    with pytest.raises(ValueError, match=r"`bytes_per_token` \(=0\)"):
        surcharge_tokens(1, 0)
