"""The weights of one real layer: as bytes, as numbers, as a picture."""

# %% numbers
import numpy as np

from explainer.checkpoints import read, read_tensor
from explainer.models import path

model = read(path("smollm2"))
layer = "blk.0.attn_q.weight"  # the query matrix of the first layer
_W = read_tensor(model, layer)
first = [float(weight) for weight in _W[0, :8]]
print(_W.shape, *(f"{weight:+.3f}" for weight in first))

# %% block
raw = read_tensor(model, layer, rows=slice(0, 1), raw=True)[0, :20]
scale, least = (float(half) for half in raw[:4].view(np.float16))
codes = np.concatenate([raw[4:] & 15, raw[4:] >> 4])  # two a byte
weights = least + scale * codes
print(f"{raw.nbytes} bytes: scale {scale:.5f}, least {least:.5f}")
print("codes", *codes)
assert np.array_equal(weights.astype(np.float32), _W[0, :32])
rows = [
    {"place": place, "code": int(codes[place]), "weight": float(weights[place])}
    for place in range(8)
]

# %% values
values = len(np.unique(codes))
spread, largest = float(_W.std()), float(np.abs(_W).max())
counts, edges = np.histogram(_W, bins=40, range=(-1.5, 1.5))
inside = counts.sum() / _W.size
print(f"spread {spread:.3f}, largest {largest:.2f}, drawn {inside:.2%}")

# %% picture
patch = _W[:32, :48]  # 32 outputs, 48 inputs
