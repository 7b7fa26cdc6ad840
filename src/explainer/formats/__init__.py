"""Number formats by their bits: what every code means, and what becomes of a number.

The tables come from the definitions, in NumPy; ml_dtypes and XLA do the casts. Importing this
package imports no JAX; `explainer.formats.conversion`, for arrays on a device, does.
"""

from explainer.formats.catalogue import (
    ALIASES,
    BFLOAT16,
    FLOAT4_E2M1FN,
    FLOAT6_E2M3FN,
    FLOAT6_E3M2FN,
    FLOAT8_E4M3FN,
    FLOAT8_E5M2,
    FLOAT8_E8M0FNU,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    FORMATS,
    INT2,
    INT4,
    INT8,
    NF4,
    TF32,
    UINT8,
    number_format,
)
from explainer.formats.decoding import Fields, bit_string, decode, fields
from explainer.formats.encoding import OVERFLOWS, ROUNDINGS, encode
from explainer.formats.neighbours import neighbours, spacing
from explainer.formats.number_format import NumberFormat
from explainer.formats.stored_number import StoredNumber, store

__all__ = [
    "ALIASES", "BFLOAT16", "FLOAT4_E2M1FN", "FLOAT6_E2M3FN", "FLOAT6_E3M2FN", "FLOAT8_E4M3FN",
    "FLOAT8_E5M2", "FLOAT8_E8M0FNU", "FLOAT16", "FLOAT32", "FLOAT64", "FORMATS", "INT2", "INT4",
    "INT8", "NF4", "OVERFLOWS", "ROUNDINGS", "TF32", "UINT8", "Fields", "NumberFormat",
    "StoredNumber", "bit_string", "decode", "encode", "fields", "neighbours", "number_format",
    "spacing", "store",
]  # fmt: skip
