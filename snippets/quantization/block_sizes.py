"""A model of seven billion parameters in each format, and what the rounding costs."""

# %% sizes
from explainer.architectures import architecture
from explainer.quantization.gguf_layouts import LAYOUTS

model = "Llama-2-7B"
parameters = architecture(model.lower()).total
bits = {"BF16": 16.0} | {name: LAYOUTS[name].bits_per_weight for name in LAYOUTS}
shown = ("BF16", "Q8_0", "Q6_K", "Q5_K", "Q5_0", "Q4_K", "Q4_1", "Q4_0", "MXFP4", "Q3_K", "Q2_K")
sizes = [
    {"name": name, "bits": bits[name], "bytes": int(parameters * bits[name]) // 8} for name in shown
]
size = {row["name"]: row["bytes"] for row in sizes}
four_bits = parameters * 4 // 8
print(f"{parameters:,} parameters: {size['Q4_0']:,} bytes in Q4_0, {four_bits:,} at four bits")

# %% errors
import jax

from explainer.coarsening import coarsen
from explainer.damage import relative_error
from explainer.quantization import quantize_mx, quantize_nf4, quantize_nvfp4

_W = jax.random.normal(jax.random.key(0), (1024, 4096))
_stored = {"NF4": quantize_nf4(_W), "NF4, scales too": quantize_nf4(_W, double=True)}
_stored["MXFP8"] = quantize_mx(_W, qtype="float8_e4m3fn")
_stored["MXFP6"] = quantize_mx(_W, qtype="float6_e2m3fn")
_stored["MXFP4"] = quantize_mx(_W, qtype="float4_e2m1fn")
_stored["NVFP4"] = quantize_nvfp4(_W)
nf_block = _stored["NF4"].block_size
_back = {name: (q.dequantize(), q.bits_per_weight) for name, q in _stored.items()}
for name in ("int8", "int5", "int4", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0"):
    _back[name.upper()] = coarsen(_W, name)
errors = [
    {
        "name": name,
        "bits": bits,
        "bytes": round(parameters * bits / 8),
        "error": float(relative_error(back, _W)),
    }
    for name, (back, bits) in _back.items()
]
errors.sort(key=lambda row: (row["bits"], row["error"]))
error = {row["name"]: row["error"] for row in errors}
for row in errors:
    print(f"{row['name']:15} {row['bits']:6.3f} bits  {row['error']:.4f}")
