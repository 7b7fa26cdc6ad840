"""Rounding, against ml_dtypes and gfloat at every place where it turns, and by probability."""

import math
from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from gfloat import RoundMode, round_ndarray
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.formats import (
    FLOAT8_E4M3FN,
    FLOAT8_E5M2,
    FORMATS,
    NF4,
    OVERFLOWS,
    TF32,
    NumberFormat,
    decode,
    encode,
)
from explainer.formats.conversion import round_to_format
from tests.formats.oracles import (
    GFLOAT,
    INTEGERS,
    ROUNDED,
    SMALL,
    assert_same,
    dtype,
    finite_values,
    is_misrounded_by_ml_dtypes,
    turning_points,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64)


@pytest.mark.parametrize("name", SMALL)
def test_nearest_is_ml_dtypes_at_every_boundary(name: str) -> None:
    """All midpoints, and one float32 below and above, give ml_dtypes' code, overflow included."""
    format = FORMATS[name]
    places = turning_points(finite_values(name, format.bits), np.float32).astype(np.float32)
    places = np.append(places, [np.inf, -np.inf]).astype(np.float32)
    places = places[~is_misrounded_by_ml_dtypes(name, places)]
    with np.errstate(over="ignore", invalid="ignore"):
        wanted = places.astype(dtype(name))
        number = ~np.isnan(wanted.astype(np.float32))
    codes = encode(format, places)
    np.testing.assert_array_equal(codes[number], wanted.view(codes.dtype)[number])
    assert np.isnan(decode(format, codes[~number])).all()


@pytest.mark.parametrize("name", ROUNDED)
@pytest.mark.parametrize("rounding", ["nearest", "toward_zero"])
def test_rounding_is_gfloat_at_every_boundary(name: str, rounding: str) -> None:
    """All midpoints, and one float64 below and above, round as in gfloat, in both directions."""
    format = FORMATS[name]
    mode = {"nearest": RoundMode.TiesToEven, "toward_zero": RoundMode.TowardZero}[rounding]
    places = turning_points(finite_values(name, format.bits), np.float64)
    for overflow in OVERFLOWS:
        sat = overflow == "saturate" or not format.has_nan  # gfloat refuses what has no NaN
        found = decode(format, encode(format, places, rounding=rounding, overflow=overflow))
        assert_same(found, round_ndarray(GFLOAT[name], places, mode, sat=sat))


def test_powers_of_two_round_to_the_nearest() -> None:
    """E8M0 takes the nearer power of two also where ml_dtypes does not; a tie goes up."""
    E8M0 = FORMATS["float8_e8m0fnu"]
    for power in (-127, -126, 0, 126):
        x = np.array([1, 1.25, 1.4999, 1.5, 1.75]) * 2.0**power
        wanted = np.array([1, 1, 1, 2, 2]) * 2.0**power
        np.testing.assert_array_equal(decode(E8M0, encode(E8M0, x)), wanted)
    assert np.isnan(decode(E8M0, encode(E8M0, [0.0, -0.0, -1.0, np.nan, np.inf, 2.0**128]))).all()
    low, high = decode(E8M0, encode(E8M0, [1e-300, np.inf], overflow="saturate"))
    assert (low, high) == (2.0**-127, 2.0**127)


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_random_floats_are_ml_dtypes(name: str) -> None:
    """A million random float32 bit patterns give the code of ml_dtypes, NaN's sign included."""
    format = FORMATS[name]
    bits = np.random.default_rng(2).integers(0, 2**32, 1_000_000, dtype=np.uint32)
    values = bits.view(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        wanted = values.astype(dtype(name))
        codes = encode(format, values)
        number = ~np.isnan(wanted.astype(np.float32))
    np.testing.assert_array_equal(codes[number], wanted.view(codes.dtype)[number])
    signs = wanted.view(codes.dtype)[~number] >> (format.bits - 1)
    np.testing.assert_array_equal(codes[~number] >> (format.bits - 1), signs)


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_ten_million_floats_are_ml_dtypes_and_gfloat(name: str) -> None:
    """Ten million random float32 round as both others do, on the host and on the device."""
    format, rng = FORMATS[name], np.random.default_rng(9)
    for _ in range(10):
        values = random_floats(rng, 1_000_000, format)
        number = ~np.isnan(values)
        with np.errstate(over="ignore", invalid="ignore"):  # signalling NaNs are among them
            wanted = values.astype(dtype(name)).astype(np.float64)
            found = decode(format, encode(format, values))
            assert_same(round_to_format(jnp.asarray(values), format), found)
        nearest = number & ~is_misrounded_by_ml_dtypes(name, values)
        assert_same(found[nearest], wanted[nearest])
        # Without a NaN to give, ml_dtypes makes -0 of a NaN, and 0 of one with a minus sign.
        assert_same(np.abs(found[~number]), np.abs(wanted[~number]))
        if name in ROUNDED:
            doubles, sat = values[number].astype(np.float64), not format.has_nan
            theirs = round_ndarray(GFLOAT[name], doubles, RoundMode.TiesToEven, sat=sat)
            assert_same(found[number], theirs)


def random_floats(
    rng: np.random.Generator, count: int, format: NumberFormat
) -> npt.NDArray[np.float32]:
    """Return float32: half of any bits, half of the sizes that the format has, a little beyond."""
    bits = rng.integers(0, 2**32, count // 2, dtype=np.uint32).view(np.float32)
    least, most = np.log2(format.smallest_subnormal) - 2, np.log2(format.largest) + 1
    sizes = 2.0 ** rng.uniform(max(least, -149), min(most, 127.9), count - count // 2)
    signed = sizes * rng.choice([-1.0, 1.0], sizes.size)
    return np.concatenate([bits, signed.astype(np.float32)])


def test_doubles_go_to_float32_and_float16_as_in_numpy() -> None:
    """Random float64 of all sizes round to FP32, FP16 as NumPy rounds them, and to FP64 as is."""
    bits = np.random.default_rng(3).integers(0, 2**64, 300_000, dtype=np.uint64)
    doubles, small = bits.view(np.float64), np.random.default_rng(4).normal(size=300_000)
    doubles = np.concatenate([doubles, 1e5 * small, 1e-40 * small, [0.0, -0.0, np.inf]])
    doubles = doubles[~np.isnan(doubles)]
    for name in ("float64", "float32", "float16"):
        with np.errstate(over="ignore"):
            wanted = doubles.astype(name)
        codes = encode(FORMATS[name], doubles)
        np.testing.assert_array_equal(codes, wanted.view(codes.dtype))


def test_tf32_is_float32_rounded_in_its_bits() -> None:
    """Adding half a unit, less one if even, and cutting 13 bits off is round to nearest even."""
    bits = np.random.default_rng(4).integers(0, 0x7F800000, 200_000, dtype=np.uint32)
    bits = np.concatenate([bits, (np.arange(2000, dtype=np.uint32) << 12) + np.uint32(0x3F800000)])
    wanted = (bits + 0xFFF + (bits >> 13 & 1)) >> 13
    np.testing.assert_array_equal(encode(TF32, bits.view(np.float32)), wanted)


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_round_and_saturate(name: str) -> None:
    """Within the range integers are NumPy's `rint` and `trunc`; beyond it the ends; NaN is 0."""
    format = FORMATS[name]
    inside = np.arange(format.lowest, format.largest, 0.125)
    for rounding, by in (("nearest", np.rint), ("toward_zero", np.trunc)):
        codes = encode(format, inside, rounding=rounding)
        np.testing.assert_array_equal(decode(format, codes), by(inside))
    ends = decode(format, encode(format, [1e30, -1e30, np.inf, -np.inf, np.nan]))
    low, high = format.lowest, format.largest
    np.testing.assert_array_equal(ends, [high, low, high, low, 0])


def test_nf4_takes_the_nearest() -> None:
    """A search through all sixteen values, in fractions, finds the same; a midpoint goes down."""
    exact = [Fraction(value) for value in NF4.values]
    places = np.concatenate([np.linspace(-1.1, 1.1, 400), np.array(NF4.values)])
    for place, code in zip(places, encode(NF4, places), strict=True):
        distance = [abs(Fraction(float(place)) - value) for value in exact]
        assert code == distance.index(min(distance))
    assert encode(NF4, (NF4.values[8] + NF4.values[9]) / 2) == 8


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_stochastic_has_the_right_mean(format: NumberFormat) -> None:
    """Of many draws the share that goes up is the place between the neighbours, within 5 sigma."""
    draws = 40_000
    places = (format.smallest_subnormal * 0.3, 0.7 * format.largest)
    for x in [*places, *([-p for p in places] if format.lowest < 0 else [])]:
        codes = encode(format, np.full(draws, x), rounding="stochastic", key=5)
        found = decode(format, codes)
        low, high = (found.min(), found.max())
        if format.name == "float8_e8m0fnu" and x < format.smallest_normal:
            assert low == high == format.smallest_normal
            continue
        if low == high:
            assert low == x
            continue
        share = (x - low) / (high - low)
        assert 0 < share < 1
        sigma = math.sqrt(share * (1 - share) / draws)
        assert abs((found == high).mean() - share) < 5 * sigma
        assert np.unique(found).size == 2


def test_stochastic_leaves_values_alone_and_repeats() -> None:
    """A number that the format has is never moved, and the same seed draws the same."""
    values = decode(FLOAT8_E5M2, np.arange(0x7C))
    for seed in range(3):
        codes = encode(FLOAT8_E5M2, values, rounding="stochastic", key=seed)
        np.testing.assert_array_equal(codes, np.arange(0x7C))
    again = [encode(FLOAT8_E5M2, np.full(99, 0.1), rounding="stochastic", key=1) for _ in range(2)]
    np.testing.assert_array_equal(again[0], again[1])


def test_overflow_as_each_standard_says() -> None:
    """E4M3 gives NaN, E5M2 infinity, FP4 and FP6 the largest; on request all give the largest."""
    x = [1e9, -1e9, np.inf]
    names = ("float8_e4m3fn", "float8_e5m2", "float4_e2m1fn", "float6_e3m2fn", "float6_e2m3fn")
    largest = (448, 57344, 6, 28, 7.5)
    for name, end in zip(names, largest, strict=True):
        format = FORMATS[name]
        saturated = decode(format, encode(format, x, overflow="saturate"))
        np.testing.assert_array_equal(saturated, [end, -end, end])
    assert np.isnan(decode(FLOAT8_E4M3FN, encode(FLOAT8_E4M3FN, x))).all()
    infinite = decode(FLOAT8_E5M2, encode(FLOAT8_E5M2, x))
    np.testing.assert_array_equal(infinite, [np.inf, -np.inf, np.inf])
    fp4 = FORMATS["float4_e2m1fn"]
    np.testing.assert_array_equal(decode(fp4, encode(fp4, x)), [6, -6, 6])
    assert_same(decode(fp4, encode(fp4, np.nan)), -0.0)


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(sorted(FORMATS)), data=st.data())
def test_every_code_comes_back(name: str, data: st.DataObject) -> None:
    """Decoding and encoding gives the code again, but for the many codes of NaN."""
    format = FORMATS[name]
    code = data.draw(st.integers(0, 2**format.bits - 1))
    value = decode(format, code)
    if not np.isnan(value):
        assert encode(format, value) == code


@settings(max_examples=300, deadline=None)
@given(x=FINITE, y=FINITE, name=st.sampled_from(sorted(FORMATS)))
def test_rounding_keeps_the_order_and_never_gains(x: float, y: float, name: str) -> None:
    """Rounding is monotonic, and toward zero it never makes a number larger in size."""
    format = FORMATS[name]
    if not format.signed and format.kind == "float":
        x, y = abs(x) + 1e-30, abs(y) + 1e-30
    both = sorted((x, y))
    low, high = decode(format, encode(format, both, overflow="saturate"))
    assert low <= high
    if format.name != "float8_e8m0fnu":
        cut = decode(format, encode(format, both, rounding="toward_zero"))
        assert (np.abs(cut) <= np.abs(both)).all()


def test_refusals() -> None:
    """An unknown rounding or overflow and a missing key are refused with their values."""
    with pytest.raises(ValueError, match=r"`rounding` \(='up'\) must be one of"):
        encode(NF4, 1.0, rounding="up")
    with pytest.raises(ValueError, match=r"`overflow` \(='wrap'\) must be one of"):
        encode(NF4, 1.0, overflow="wrap")
    with pytest.raises(ValueError, match=r"needs `key` \(=None\)"):
        encode(NF4, 1.0, rounding="stochastic")
