"""One real layer with one scale, with one for each channel, with one for each block of 32."""

# %% layer
import numpy as np

from explainer.checkpoints import read, read_tensor
from explainer.models import path
from explainer.quantization import quantize

layer = "encoder.layer.0.output.dense.weight"
_W = read_tensor(read(path("minilm")), layer)
shape = _W.shape
print(f"{shape[0]} output channels with {shape[1]} inputs each")


# %% measure
def relative_error(q):
    return float(np.linalg.norm(q.dequantize() - _W) / np.linalg.norm(_W))


granularities = ("tensor", "channel", "group")
widths = [8, 6, 4, 3]
errors = {name: [] for name in granularities}
sizes = {name: [] for name in granularities}
for name in granularities:
    for bits in widths:
        _q = quantize(_W, bits=bits, granularity=name, block_size=32, scale_dtype="float16")
        errors[name].append(relative_error(_q))
        sizes[name].append(_q.bits_per_weight)
    print(f"{name:8}", *(f"{error:.3f}" for error in errors[name]))

# %% scales
num_scales = {"tensor": 1, "channel": shape[0], "group": shape[0] * shape[1] // 32}
rows = [
    {
        "granularity": name,
        "scales": num_scales[name],
        "shared": _W.size // num_scales[name],
        "bits": sizes[name][2],
        "error8": errors[name][0],
        "error4": errors[name][2],
    }
    for name in granularities
]
