"""One block of each GGUF type: what it is made of, and the bits of a weight that follow."""

# %% block
import jax.numpy as jnp
import numpy as np
from gguf import GGMLQuantizationType
from gguf.quants import dequantize, quantize

from explainer.quantization.gguf_blocks import DECODED, decode_blocks, encode_blocks
from explainer.quantization.gguf_layouts import LAYOUTS

_weights = np.random.default_rng(7).normal(size=32).astype(np.float32) / 10
block = np.asarray(encode_blocks(jnp.asarray(_weights), qtype="Q4_0"))
print(f"{block.nbytes} bytes:", block.tobytes().hex(" "))

# %% apart
scale = float(block[:2].view(np.float16)[0])
codes = np.concatenate([block[2:] & 15, block[2:] >> 4])  # first half low, second half high
restored = np.float32(scale) * (codes.astype(np.float32) - 8)
_bound = float(abs(scale))
rows = [
    {"place": n, "weight": float(_weights[n]), "code": int(codes[n]), "value": float(restored[n])}
    for n in (0, 1, 2, 16, 17)
]
print(f"scale {scale:.5f}, codes", *codes[:8], "...")
extreme = int(np.abs(_weights).argmax())
extreme_code, extreme_weight = int(codes[extreme]), float(_weights[extreme])

# %% bits
shown = ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "MXFP4")
types = []
for name in shown:
    layout = LAYOUTS[name]
    row = {"name": name, "weights": layout.block_size, "bytes": layout.num_bytes}
    row["codes"] = (layout.bits_of("codes") + layout.bits_of("signs")) / layout.block_size
    row["constants"] = layout.bits_per_weight - row["codes"]
    row["bits"] = layout.bits_per_weight
    types.append(row)
for row in types[:2]:
    print(f"{row['name']}: {8 * row['bytes']} bits / {row['weights']} weights = {row['bits']}")
by_name = {row["name"]: row for row in types}
all_types = len(LAYOUTS)

# %% agree
agreed = 0
for name in DECODED:
    _random = np.random.default_rng(1).integers(0, 256, (2000, LAYOUTS[name].num_bytes))
    _bytes = _random.astype(np.uint8)
    with np.errstate(all="ignore"):  # some random scales are infinite
        _theirs = dequantize(_bytes, GGMLQuantizationType[name])
    _ours = np.asarray(decode_blocks(jnp.asarray(_bytes), qtype=name))
    agreed += int(np.array_equal(_ours, _theirs, equal_nan=True)) * _theirs.size
decoders, expected = len(DECODED), sum(2000 * LAYOUTS[name].block_size for name in DECODED)
same_bytes = np.array_equal(block, quantize(_weights[None], GGMLQuantizationType.Q4_0)[0])
print(f"{decoders} decoders, {agreed:,} of {expected:,} weights equal to the last bit")
