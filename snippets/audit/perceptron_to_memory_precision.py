"""Formats, integers, scales: what one article says of precision, checked bit by bit."""

# %% formats
from explainer.formats import FORMATS, store

names = ("float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")
rows = {}
for name in names:
    f = FORMATS[name]
    bits = f"1-{f.exponent_bits}-{f.mantissa_bits}"
    rows[name] = {"format": f.label, "bits": bits, "largest": f.largest, "step": f.eps}
    print("{format:8} {bits:6} up to {largest:.5g}, step {step:.3g}".format(**rows[name]))

# %% ends
large, odd = 70_000, 257
as_half = str(store(FORMATS["float16"], large).value)
as_brain = store(FORMATS["bfloat16"], large).value
odd_brain = store(FORMATS["bfloat16"], odd).value
odd_half = store(FORMATS["float16"], odd).value
print(f"{large:,} in FP16 {as_half}, in BF16 {as_brain:,.0f}")
print(f"{odd} in FP16 {odd_half:.0f}, in BF16 {odd_brain:.0f}")

# %% integers
import numpy as np

signed, unsigned = np.iinfo(np.int8), np.iinfo(np.uint8)
ranges = {"int8": (int(signed.min), int(signed.max))}
ranges["uint8"] = (int(unsigned.min), int(unsigned.max))
codes = {name: high - low + 1 for name, (low, high) in ranges.items()}
print(ranges, codes)

# %% scales
from explainer.quantization.gguf_layouts import LAYOUTS

block = LAYOUTS["Q8_0"]
weights_in_block, block_bytes = block.block_size, block.num_bytes
scale_bytes = block_bytes - weights_in_block  # a byte a weight; the rest is a scale in FP16
print(f"{block_bytes} bytes: {weights_in_block} integers and a scale of {scale_bytes} bytes")

# %% claims
claims = [
    {"id": "precision-slower", "verdict": "wrong", "typed": "always", "true": "it depends"},
    {"id": "four-formats", "verdict": "right", "typed": 4, "true": len(rows)},
    {"id": "range-and-step", "verdict": "right", "typed": 8, "true": rows["bfloat16"]["bits"]},
    {"id": "more-accurate", "verdict": "misleading", "typed": "better", "true": "no difference"},
    {"id": "int8-range", "verdict": "misleading", "typed": 2, "true": 1},
    {"id": "all-integers", "verdict": "misleading", "typed": 0, "true": scale_bytes},
]
by_id = {claim["id"]: claim for claim in claims}
