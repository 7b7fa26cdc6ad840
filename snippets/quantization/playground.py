"""A corner of a real layer, quantized in every way: data for the playground, exact to the bit."""

# %% weights
import numpy as np

from explainer.checkpoints import read, read_tensor
from explainer.models import path
from explainer.quantization import quantize

layer = "encoder.layer.0.output.dense.weight"
first_row, first_column, block_size = 92, 832, 32
_whole = read_tensor(read(path("minilm")), layer)
corner = _whole[first_row : first_row + 16, first_column : first_column + 64]
largest = float(np.abs(corner).max())
print(f"{corner.shape[0]} × {corner.shape[1]} weights, the largest {largest:.2f}")


# %% settings
def bits_of(values):
    """Return float32 values as the integers that their 32 bits spell."""
    return np.asarray(values, np.float32).view(np.uint32).ravel().tolist()


rows, golden = [], []
for bits in (8, 4, 2):
    for scheme in ("symmetric", "affine"):
        row = {"bits": bits, "scheme": scheme}
        for granularity in ("tensor", "channel", "group"):
            _settings = {"symmetric": scheme == "symmetric", "granularity": granularity}
            _q = quantize(corner, bits=bits, block_size=block_size, **_settings)
            _error = np.asarray(_q.dequantize(), np.float64) - corner
            row[granularity] = float(np.linalg.norm(_error) / np.linalg.norm(corner))
            case = {"bits": bits, "scheme": scheme, "granularity": granularity}
            case["scale_bits"] = bits_of(_q.scale)
            case["zero_points"] = [] if _q.zero_point is None else np.ravel(_q.zero_point).tolist()
            case["codes"] = np.asarray(_q.codes()).tobytes().hex()  # a byte each, two's complement
            golden.append({**case, "error": row[granularity], "stored": _q.bits_per_weight})
        rows.append(row)
widget = {"shape": list(corner.shape), "weight_bits": bits_of(corner), "golden": golden}
print(f"{len(golden)} settings, {len(golden) * corner.size:,} codes")
