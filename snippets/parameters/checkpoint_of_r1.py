"""From DeepSeek-R1's parameters to the elements that its published files hold."""

# %% prediction
from explainer.architectures import architecture

main = architecture("deepseek-r1")
unique = architecture("deepseek-r1", mtp="unique")
stored = architecture("deepseek-r1", mtp="stored")
module = unique.total - main.total  # the extra layer
copies = stored.total - unique.total  # its two tables
buffers = stored.kinds["buffers"]
print(f"the extra layer {module:,}, its copies {copies:,}")


# %% scales
def in_low_precision(name):  # every layer's matrices but the router's
    return "proj" in name and "eh_proj" not in name


fp8 = [t for t in stored.tensors if in_low_precision(t.name)]
in_fp8 = sum(t.size for t in fp8)
scales = 0
for t in fp8:
    d_out, d_in = t.shape
    tiles = -(-d_out // 128) * -(-d_in // 128)  # rounded up
    scales += t.copies * tiles
elements = stored.total + buffers + scales
print(f"{in_fp8:,} in FP8, with {scales:,} scales")
print(f"{elements:,} elements in all")

# %% bytes
kept = stored.total - in_fp8  # in BF16
weights_bytes = in_fp8 + 2 * kept + 4 * (scales + buffers)
per_parameter = weights_bytes / stored.total
print(f"{weights_bytes:,} bytes, {per_parameter:.3f} a parameter")

# %% sum
rows = [
    {"part": "model", "count": main.total},
    {"part": "prediction-layer", "count": module},
    {"part": "copied-tables", "count": copies},
    {"part": "buffer", "count": buffers},
    {"part": "scale", "count": scales},
    {"part": "total", "count": elements},
]
assert sum(row["count"] for row in rows[:-1]) == elements
