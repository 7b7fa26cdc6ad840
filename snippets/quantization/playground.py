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
_sizes = np.abs(corner)
largest, place = float(_sizes.max()), [int(i) for i in np.argwhere(_sizes == _sizes.max())[0]]
print(f"{corner.shape[0]} × {corner.shape[1]} weights, the largest {largest:.2f}")

# %% settings
rows, cases = [], []
for bits in (8, 4, 2):
    for scheme in ("symmetric", "affine"):
        row = {"bits": bits, "scheme": scheme}
        for granularity in ("tensor", "channel", "group"):
            _settings = {"symmetric": scheme == "symmetric", "granularity": granularity}
            _q = quantize(corner, bits=bits, block_size=block_size, **_settings)
            _back = np.asarray(_q.dequantize(), np.float64)
            row[granularity] = float(np.linalg.norm(_back - corner) / np.linalg.norm(corner))
            case = {"bits": bits, "scheme": scheme, "granularity": granularity}
            case |= {"error": row[granularity], "zeros": int((_back == 0).sum())}
            cases.append(case | {"stored": _q.bits_per_weight, "scales": _q.scale.size})
        rows.append(row)
start = cases[6]  # four bits, symmetric, one scale for the whole corner
print(f"at {start['bits']} bits, one scale: {start['zeros']} of {corner.size} became zero")
