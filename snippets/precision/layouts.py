"""How each format divides its bits, and what that buys: range and step."""

# %% layouts
from explainer.formats import FORMATS

floats = [f for f in FORMATS.values() if f.kind == "float"]
rows = []
for f in floats:
    row = {"format": f.label, "bits": f.bits, "sign": int(f.signed)}
    row |= {"exponent": f.exponent_bits, "mantissa": f.mantissa_bits}
    ends = {"largest": f.largest, "normal": f.smallest_normal, "subnormal": f.smallest_subnormal}
    rows.append(row | ends | {"step": f.eps})
    print(f"{f.label:8} {row['sign']}-{f.exponent_bits}-{f.mantissa_bits}: {f.largest:.4g}")

# %% integers
others = [f for f in FORMATS.values() if f.kind != "float"]
whole = [{"format": f.label, "bits": f.bits, "lowest": f.lowest, "top": f.largest} for f in others]
for row in whole:
    print("{format:5} {lowest:g} to {top:g}".format(**row))

# %% sixteen
import math

from explainer.formats import BFLOAT16, FLOAT16

decades = {f.name: math.log10(f.largest / f.smallest_normal) for f in (FLOAT16, BFLOAT16)}
steps_of_half = BFLOAT16.eps / FLOAT16.eps  # how many of FP16's steps fit into one of BF16's
print(f"FP16 spans {decades['float16']:.0f} powers of ten, BF16 {decades['bfloat16']:.0f}")
print(f"one step of BF16 is {steps_of_half:.0f} steps of FP16")
