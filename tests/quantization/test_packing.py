"""Codes in bytes, against bits written out one by one."""

from __future__ import annotations

from typing import Any

import hypothesis.extra.numpy as hnp
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.quantization.packing import pack, packed_bytes, unpack


@pytest.mark.parametrize("bits", range(1, 9))
def test_every_code_survives(bits: int) -> None:
    """Every code of every width comes back, in rows that do and do not fill their last byte."""
    for n in (1, 2, 3, 8, 31, 32):
        codes = (np.arange(3 * n) * 7 % 2**bits).reshape(3, n).astype(np.uint8)
        packed = pack(jnp.asarray(codes), bits=bits)
        assert packed.dtype == jnp.uint8
        assert packed.shape == (3, packed_bytes(n, bits=bits))
        assert np.array_equal(unpack(packed, n, bits=bits), codes)


@pytest.mark.parametrize("bits", range(1, 9))
def test_thirty_two_codes_waste_nothing(bits: int) -> None:
    """A block of 32 codes takes exactly 32 times their width."""
    assert packed_bytes(32, bits=bits) * 8 == 32 * bits


def test_low_half_first() -> None:
    """Four bits: byte i is code i + 16 times code i + n/2, as a loop writes it."""
    codes = np.arange(8) * 5 % 16
    expected = [int(codes[i]) + 16 * int(codes[i + 4]) for i in range(4)]
    assert pack(jnp.asarray(codes), bits=4).tolist() == expected


def test_six_bits_are_a_plane_of_four_and_one_of_two() -> None:
    """Low four bits first, then high two bits, four codes a byte, as a loop writes them."""
    codes = np.arange(8) * 9 % 64
    low = [int(codes[i] % 16) + 16 * int(codes[i + 4] % 16) for i in range(4)]
    high = [sum(int(codes[i + 2 * k] // 16) << (2 * k) for k in range(4)) for i in range(2)]
    assert pack(jnp.asarray(codes), bits=6).tolist() == low + high


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.uint8, (2, 16)), st.integers(1, 8))
def test_higher_bits_are_dropped(codes: npt.NDArray[Any], bits: int) -> None:
    """Packing keeps the low bits of whatever it is given, and leaks nothing into a neighbour."""
    found = unpack(pack(jnp.asarray(codes), bits=bits), 16, bits=bits)
    assert np.array_equal(found, codes & np.uint8(2**bits - 1))


def test_refusals() -> None:
    """A width of 9 and a row of the wrong length are refused with their values."""
    with pytest.raises(ValueError, match=r"`bits` \(=9\) must be 1 to 8"):
        pack(jnp.zeros(4, jnp.uint8), bits=9)
    with pytest.raises(ValueError, match=r"8 codes of 4 bits take 4 bytes a row .*have 5"):
        unpack(jnp.zeros(5, jnp.uint8), 8, bits=4)
