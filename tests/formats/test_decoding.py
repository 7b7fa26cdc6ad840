"""What every code means, against ml_dtypes, gfloat, struct and NumPy."""

import json
import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gfloat import decode_ndarray
from scipy.stats import norm

from explainer.formats import FORMATS, NF4, NumberFormat, bit_string, decode, fields
from tests.formats.oracles import GFLOAT, INTEGERS, SMALL, assert_same, dtype, every_code


@pytest.mark.parametrize("name", [*SMALL, *INTEGERS])
def test_every_code_is_ml_dtypes(name: str) -> None:
    """All codes of a format of up to 16 bits mean what ml_dtypes and NumPy say, sign of 0 too."""
    format = FORMATS[name]
    codes = every_code(name, format.bits)
    with np.errstate(invalid="ignore"):  # signalling NaNs are among them
        wanted = codes.view(dtype(name)).astype(np.float64)
    assert_same(decode(format, codes), wanted)


@pytest.mark.parametrize("name", SMALL)
def test_every_code_is_gfloat(name: str) -> None:
    """All codes of the small floats mean what gfloat says."""
    codes = np.arange(2 ** FORMATS[name].bits)
    assert_same(decode(FORMATS[name], codes), decode_ndarray(GFLOAT[name], codes))


def test_wide_codes_are_structs() -> None:
    """FP32 and FP64 codes are the machine's own floats: random bits, and each end of each field."""
    rng = np.random.default_rng(0)
    for name, letter, width in (("float32", "f", "u4"), ("float64", "d", "u8")):
        bits = np.dtype(width).itemsize * 8
        ends = [2**n - 1 for n in range(bits + 1)] + [2**n for n in range(bits)]
        random = rng.integers(0, 2**bits, 2000, dtype=np.uint64)
        codes = np.concatenate([np.array(ends, np.uint64), random]).astype(width)
        wanted = struct.unpack(f"<{codes.size}{letter}", codes.astype(f"<{width}").tobytes())
        assert_same(decode(FORMATS[name], codes), wanted)


def test_tf32_is_float32_without_thirteen_bits() -> None:
    """A TF32 code is the upper 19 bits of a float32."""
    codes = np.arange(2**19, dtype=np.uint32)
    with np.errstate(invalid="ignore"):
        wanted = (codes << 13).view(np.float32).astype(np.float64)
    assert_same(decode(FORMATS["tf32"], codes), wanted)


def test_nf4_is_that_of_bitsandbytes() -> None:
    """The sixteen values are bitsandbytes' constants, and the quantiles that they stand for."""
    stored = json.loads((Path(__file__).parent.parent / "data" / "nf4_codes.json").read_text())
    assert_same(decode(NF4, range(16)), stored["values"])
    upper = norm.ppf(np.linspace(stored["offset"], 0.5, 9)[:-1])
    lower = -norm.ppf(np.linspace(stored["offset"], 0.5, 8)[:-1])
    quantiles = np.sort(np.concatenate([upper, [0.0], lower])) / upper.max()
    np.testing.assert_allclose(decode(NF4, range(16)), quantiles, atol=2e-6)


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_properties_are_those_of_finfo(format: NumberFormat) -> None:
    """Largest, smallest and eps are those of `finfo` and `iinfo`."""
    import ml_dtypes

    if format.kind == "codebook" or format.name == "tf32":
        return
    if format.kind == "integer":
        ends: Any = ml_dtypes.iinfo(dtype(format.name))  # type: ignore[no-untyped-call]
        assert (format.lowest, format.largest) == (ends.min, ends.max)
        return
    found: Any = ml_dtypes.finfo(dtype(format.name))  # type: ignore[no-untyped-call]
    assert format.largest == float(found.max)
    assert format.smallest_normal == float(found.smallest_normal)
    assert format.smallest_subnormal == float(found.smallest_subnormal)
    assert format.eps == float(found.eps)
    assert format.bits == found.bits


@pytest.mark.parametrize("name", [*SMALL, "float32", "float64", "tf32"])
def test_fields_give_the_value(name: str) -> None:
    """The textbook formula over the fields, in exact fractions, is the value."""
    format = FORMATS[name]
    for code in np.random.default_rng(1).integers(0, 2**format.bits - 1, 300, dtype=np.uint64):
        sign, exponent, mantissa, meaning = fields(format, int(code))
        if meaning in ("infinity", "nan"):
            continue
        assert exponent is not None
        leading = 0 if exponent == 0 and format.subnormals else 1
        power = max(exponent, 1 if format.subnormals else 0) - format.bias
        significand = leading + Fraction(mantissa or 0, 2**format.mantissa_bits)
        wanted = (-1) ** (sign or 0) * Fraction(2) ** power * significand
        assert Fraction(float(decode(format, int(code)))) == wanted


def test_meanings() -> None:
    """Zero, subnormal, infinity and NaN are told apart, and integers have a sign and a rest."""
    half = FORMATS["float16"]
    codes = (0x8000, 0x0001, 0x0400, 0x7C00, 0x7C01)
    meanings = [fields(half, code).meaning for code in codes]
    assert meanings == ["zero", "subnormal", "normal", "infinity", "nan"]
    assert fields(FORMATS["int8"], 0xFF)[:3] == (1, None, 127)
    assert fields(NF4, 3)[:3] == (None, None, None)
    assert fields(FORMATS["float8_e8m0fnu"], 127) == (None, 127, None, "normal")


def test_bits_stand_most_significant_first() -> None:
    """The digits are Python's own binary, with a space between the parts."""
    assert bit_string(FORMATS["bfloat16"], 0x3DCD) == f"{0x3DCD:016b}"
    assert bit_string(FORMATS["float8_e5m2"], 0b10000111, separator=" ") == "1 00001 11"
    assert bit_string(FORMATS["float8_e8m0fnu"], 127, separator=" ") == "01111111"
    assert bit_string(FORMATS["int4"], 3, separator=" ") == "0011"


def test_refusals() -> None:
    """A code that is too wide or no integer is refused with its value, as are parts that fail."""
    with pytest.raises(ValueError, match=r"`codes` \(=0 to 16\) must be 0 to 15: nf4 has 4 bits"):
        decode(NF4, [0, 16])
    with pytest.raises(TypeError, match="must be integers, not float64"):
        decode(NF4, [0.5])
    with pytest.raises(ValueError, match=r"\(=7 bits together\) must be `bits` \(=8\)"):
        NumberFormat("e3m3", "E3M3", "float", 8, 3, 3, 3)
    with pytest.raises(ValueError, match=r"`values` \(=1\) must be 2\*\*`bits` \(=4\)"):
        NumberFormat("two", "two", "codebook", 2, values=(0.0,))
    with pytest.raises(ValueError, match=r"`kind` \(='posit'\)"):
        NumberFormat("posit8", "posit8", "posit", 8)
