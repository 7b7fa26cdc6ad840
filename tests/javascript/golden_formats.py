"""Golden cases of the number formats, as bit patterns: what compute/formats.js must reproduce."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from explainer.formats import (
    FORMATS,
    NumberFormat,
    decode,
    encode,
    store,
)
from tests.javascript.arrays import packed

_DTYPES: dict[str, Any] = {
    "float64": np.float64, "float32": np.float32, "float16": np.float16,
    "bfloat16": ml_dtypes.bfloat16, "float8_e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8_e5m2": ml_dtypes.float8_e5m2, "float6_e3m2fn": ml_dtypes.float6_e3m2fn,
    "float6_e2m3fn": ml_dtypes.float6_e2m3fn, "float4_e2m1fn": ml_dtypes.float4_e2m1fn,
    "float8_e8m0fnu": ml_dtypes.float8_e8m0fnu, "int8": np.int8, "uint8": np.uint8,
    "int4": ml_dtypes.int4, "int2": ml_dtypes.int2,
}  # fmt: skip
_FEW_BITS = 19  # up to here every code is a case
_NUM_WIDE = 20_000  # random codes of FP32 and FP64


def independent_values(format: NumberFormat, codes: npt.NDArray[np.uint64]) -> Any:
    """Return what NumPy and ml_dtypes read in codes; for TF32 and NF4 what float32 and QLoRA do."""
    if format.name == "nf4":
        return np.asarray(format.values)[codes.astype(int)]
    if format.name == "tf32":  # an FP32 without its last 13 bits
        with np.errstate(invalid="ignore"):
            return (codes.astype(np.uint32) << 13).view(np.float32).astype(np.float64)
    width = max(8, format.bits)
    stored = codes.astype(f"u{width // 8}")
    with np.errstate(invalid="ignore"):
        return stored.view(_DTYPES[format.name]).astype(np.float64)


def codes_of(format: NumberFormat) -> npt.NDArray[np.uint64]:
    """Return every code of a format, or of a wide one its edges and many at random."""
    if format.bits <= _FEW_BITS:
        return np.arange(2**format.bits, dtype=np.uint64)
    top = 2**format.bits
    p = format.mantissa_bits
    near = [1 << p, format.largest_code, 1 << format.bits - 1, 2, top - 2]
    edges = [(place + step) % top for place in near for step in (-2, -1, 0, 1, 2)]
    random = np.random.default_rng(0).integers(0, top, _NUM_WIDE, dtype=np.uint64, endpoint=False)
    return np.concatenate([np.array(edges, np.uint64), random])


def inputs_of(format: NumberFormat) -> npt.NDArray[np.float64]:
    """Return numbers to store: values, the ties between them, and what lies beside both."""
    codes = codes_of(format)
    if len(codes) > 2**12:  # a part is enough here
        codes = np.random.default_rng(1).choice(codes, 2**12, replace=False)
    values = independent_values(format, codes)
    values = np.unique(values[np.isfinite(values)])
    with np.errstate(over="ignore"):
        ties = values[:-1] / 2 + values[1:] / 2
        exact = np.concatenate([values, ties, _ties_of_neighbours(format, values)])
        beside = np.concatenate([np.nextafter(exact, to) for to in (-np.inf, np.inf)])
    ends = np.array([format.largest, format.lowest, format.smallest_subnormal])
    factors = np.array([-1, 0.25, 0.5, 0.75, 1, 1.01, 1.0625, 1.5, 2, 1e9])
    with np.errstate(over="ignore"):
        beyond = np.outer(ends, factors).ravel()
    rng = np.random.default_rng(2)
    spread = np.exp2(rng.uniform(-40, 40, 2000)) * rng.choice([-1, 1], 2000)
    special = [
        0.0,
        -0.0,
        np.inf,
        -np.inf,
        np.nan,
        5e-324,
        -5e-324,
        1.7976931348623157e308,
        0.1,
        257,
    ]
    return np.concatenate([exact, beside, beyond, spread, special])


def _ties_of_neighbours(
    format: NumberFormat, values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return what lies halfway to the next value, for values that are no neighbours themselves."""
    if format.kind != "float" or format.bits > 32:
        return np.array([])
    exponent = np.maximum(np.frexp(values)[1] - 1, format.min_exponent)
    ties: npt.NDArray[np.float64] = values + np.ldexp(0.5, exponent - format.mantissa_bits)
    return ties


def formats_cases() -> dict[str, Any]:
    """Return the cases: of each format codes with values, and numbers with the code of each."""
    return {format.name: _cases(format) for format in FORMATS.values()}


def _cases(format: NumberFormat) -> dict[str, Any]:
    codes, inputs = codes_of(format), inputs_of(format)
    values = independent_values(format, codes)
    np.testing.assert_array_equal(values, decode(format, codes))
    found = {
        "codes": packed(codes if format.bits > _FEW_BITS else [], "<u8"),
        "values": packed(values, "<f8"),
        "inputs": packed(inputs, "<f8"),
        "nearest": packed(encode(format, inputs), "<u8"),
        "toward_zero": packed(encode(format, inputs, rounding="toward_zero"), "<u8"),
    }
    some = np.concatenate([inputs[:: max(1, len(inputs) // 300)], inputs[-12:]])
    stored = [store(format, float(x)) for x in some]
    columns = {name: [getattr(one, name) for one in stored] for name in ("below", "above", "error")}
    found |= {name: packed(column, "<f8") for name, column in columns.items()}
    found["some"] = packed(some, "<f8")
    return found
