"""Three ways to choose the range, at several widths."""

# %% measure
import numpy as np

from explainer.checkpoints import read, read_tensor
from explainer.models import path
from explainer.quantization import quantize

_W = read_tensor(read(path("minilm")), "encoder.layer.0.output.dense.weight")
ways = ("absmax", "percentile", "mse")
percentile = 99.9
rows = []
for bits in (8, 4, 3, 2):
    errors = {}
    for way in ways:
        _q = quantize(_W, bits=bits, calibration=way, percentile=percentile)
        errors[way] = float(np.linalg.norm(_q.dequantize() - _W) / np.linalg.norm(_W))
    rows.append({"bits": bits, **errors})
    print(f"{bits} bits:", *(f"{way} {errors[way]:.3f} " for way in ways))

# %% clipped
_tops = np.asarray(quantize(_W, bits=4, calibration="mse").scale) * 7
clipped = float((np.abs(_W) > _tops * 1.000001).mean())
share = float(np.median(_tops / np.abs(_W).max(1, keepdims=True)))
print(f"mse at 4 bits: range {share:.0%} of the largest weight, {clipped:.2%} of weights clipped")
