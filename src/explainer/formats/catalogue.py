"""The formats that models are trained, stored and run in."""

from __future__ import annotations

from explainer.formats.number_format import NumberFormat

FLOAT64 = NumberFormat("float64", "FP64", "float", 64, 11, 52, 1023, specials="ieee")
FLOAT32 = NumberFormat("float32", "FP32", "float", 32, 8, 23, 127, specials="ieee")
TF32 = NumberFormat("tf32", "TF32", "float", 19, 8, 10, 127, specials="ieee")
FLOAT16 = NumberFormat("float16", "FP16", "float", 16, 5, 10, 15, specials="ieee")
BFLOAT16 = NumberFormat("bfloat16", "BF16", "float", 16, 8, 7, 127, specials="ieee")
FLOAT8_E4M3FN = NumberFormat("float8_e4m3fn", "FP8 E4M3", "float", 8, 4, 3, 7, specials="nan")
FLOAT8_E5M2 = NumberFormat("float8_e5m2", "FP8 E5M2", "float", 8, 5, 2, 15, specials="ieee")
FLOAT6_E3M2FN = NumberFormat("float6_e3m2fn", "FP6 E3M2", "float", 6, 3, 2, 3)
FLOAT6_E2M3FN = NumberFormat("float6_e2m3fn", "FP6 E2M3", "float", 6, 2, 3, 1)
FLOAT4_E2M1FN = NumberFormat("float4_e2m1fn", "FP4 E2M1", "float", 4, 2, 1, 1)
FLOAT8_E8M0FNU = NumberFormat(
    "float8_e8m0fnu", "E8M0", "float", 8, 8, 0, 127, signed=False, specials="nan", subnormals=False
)
INT8 = NumberFormat("int8", "INT8", "integer", 8)
UINT8 = NumberFormat("uint8", "UINT8", "integer", 8, signed=False)
INT4 = NumberFormat("int4", "INT4", "integer", 4)
INT2 = NumberFormat("int2", "INT2", "integer", 2)
NF4 = NumberFormat(
    "nf4",
    "NF4",
    "codebook",
    4,
    values=(
        -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
        -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
        0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
        0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
    ),
)  # fmt: skip
"""Quantiles of the normal distribution, with 0 and both ends exact.

References:
    Dettmers et al. 2023, QLoRA, appendix E.
"""

FORMATS: dict[str, NumberFormat] = {
    each.name: each
    for each in (
        FLOAT64, FLOAT32, TF32, FLOAT16, BFLOAT16, FLOAT8_E4M3FN, FLOAT8_E5M2, FLOAT6_E3M2FN,
        FLOAT6_E2M3FN, FLOAT4_E2M1FN, FLOAT8_E8M0FNU, INT8, UINT8, INT4, INT2, NF4,
    )
}  # fmt: skip
"""Every format by its name, wide floats first, then small ones, then integers and NF4.

References:
    FP64, FP32 and FP16: IEEE Std 754-2019, binary64, binary32 and binary16. TF32: NVIDIA 2020, A100
    Tensor Core GPU Architecture (a rule of arithmetic; what it multiplies is stored in 32 bits).
    BF16: Kalamkar et al. 2019, A Study of BFLOAT16 for Deep Learning Training. E4M3 and E5M2:
    Micikevicius et al. 2022, FP8 Formats for Deep Learning. FP6, FP4 and E8M0: Open Compute
    Project 2023, OCP Microscaling Formats (MX) Specification v1.0, section 5.
"""

ALIASES = {
    "fp64": "float64", "f64": "float64", "double": "float64",
    "fp32": "float32", "f32": "float32", "float": "float32", "single": "float32",
    "tensorfloat32": "tf32",
    "fp16": "float16", "f16": "float16", "half": "float16",
    "bf16": "bfloat16",
    "e4m3": "float8_e4m3fn", "e4m3fn": "float8_e4m3fn", "float8_e4m3": "float8_e4m3fn",
    "fp8_e4m3": "float8_e4m3fn",
    "e5m2": "float8_e5m2", "fp8_e5m2": "float8_e5m2",
    "e3m2": "float6_e3m2fn", "e3m2fn": "float6_e3m2fn", "fp6_e3m2": "float6_e3m2fn",
    "e2m3": "float6_e2m3fn", "e2m3fn": "float6_e2m3fn", "fp6_e2m3": "float6_e2m3fn",
    "e2m1": "float4_e2m1fn", "e2m1fn": "float4_e2m1fn", "fp4": "float4_e2m1fn",
    "fp4_e2m1": "float4_e2m1fn",
    "e8m0": "float8_e8m0fnu", "e8m0fnu": "float8_e8m0fnu",
    "i8": "int8", "u8": "uint8", "i4": "int4", "i2": "int2",
}  # fmt: skip
_AMBIGUOUS = {"fp8": "e4m3 or e5m2", "float8": "e4m3 or e5m2", "fp6": "e3m2 or e2m3"}


def number_format(name: str) -> NumberFormat:
    """Return a format by its name or an alias, in upper or lower case.

    Args:
        name: Such as `bfloat16`, `bf16`, `E4M3`, `fp8-e5m2`.

    Returns:
        One of `FORMATS`.

    Raises:
        ValueError: If no format has the name, or more than one.

    Examples:
        >>> number_format("BF16").name, number_format("e4m3").largest
        ('bfloat16', 448.0)
    """
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted in _AMBIGUOUS:
        raise ValueError(f"`name` (={name!r}) means more than one format: {_AMBIGUOUS[wanted]}")
    wanted = ALIASES.get(wanted, wanted)
    if wanted not in FORMATS:
        raise ValueError(f"`name` (={name!r}) must be one of {', '.join(FORMATS)}")
    return FORMATS[wanted]
