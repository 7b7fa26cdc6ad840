"""Sixteen bits, read by hand: what BF16 makes of a tenth."""

# %% bits
from explainer.formats import BFLOAT16, bit_string, encode, fields

code = int(encode(BFLOAT16, 0.1))
bits = bit_string(BFLOAT16, code, separator=" ")
sign, exponent, mantissa, _ = fields(BFLOAT16, code)
print(bits)
print(f"sign {sign}, exponent {exponent}, mantissa {mantissa}")

# %% value
power = exponent - BFLOAT16.bias
significand = 1 + mantissa / 2**BFLOAT16.mantissa_bits
value = (-1) ** sign * significand * 2.0**power
print(f"{significand} x 2^{power} = {value}")

# %% beside
from explainer.formats import neighbours, spacing

below, above = neighbours(BFLOAT16, value)
step = spacing(BFLOAT16, 0.1)
print(f"{below}  {value}  {above}")

# %% upper
import numpy as np

single = int(np.float32(0.1).view(np.uint32))
upper = single >> 16  # the first half of FP32's bits
print(f"FP32 {single:032b}")
print(f"half {upper:016b}")
cut = code - upper  # cutting off would have given the code before
