"""One weight far from all others, and what it costs them."""

# %% find
import numpy as np

from explainer.checkpoints import read, read_tensor
from explainer.models import path
from explainer.quantization import quantize

_W = read_tensor(read(path("minilm")), "encoder.layer.0.output.dense.weight")
size = np.abs(_W)
row, column = map(int, np.unravel_index(size.argmax(), _W.shape))
outlier = float(_W[row, column])
spread = float(_W.std())
second = float(np.partition(size.ravel(), -2)[-2])
print(f"weight [{row}, {column}] is {outlier:.2f}, the next {second:.2f}, the spread {spread:.3f}")

# %% layers
_model = read(path("minilm"))
_names = [t.name for t in _model.tensors if "layer" in t.name and len(t.shape) == 2]
_matrices = {name: read_tensor(_model, name) for name in _names}
# How far the largest weight of each matrix lies out, in standard deviations.
reach = {name: float(np.abs(matrix).max() / matrix.std()) for name, matrix in _matrices.items()}
typical = float(np.median(list(reach.values())))
print(f"{len(reach)} matrices: median {typical:.1f}, largest {max(reach.values()):.0f}")

# %% codes
q = quantize(_W, bits=8, granularity="tensor")
scale = float(q.scale[0, 0])
largest_code = round(outlier / scale)
codes, counts = np.unique(np.asarray(q.codes()), return_counts=True)
to_zero = float(counts[codes == 0][0] / _W.size)
print(f"scale {scale:.4f}, {to_zero:.0%} of the weights become 0")
print(f"{len(codes)} of {2 * largest_code + 1} codes are used")

# %% histogram
near = np.abs(codes) <= 12
code_values = codes[near].astype(int)
code_shares = counts[near] / _W.size

# %% without
_tamed = np.where(size == size.max(), 0, _W)


def error_of_the_others(weight, granularity):
    found = np.asarray(quantize(weight, bits=8, granularity=granularity).dequantize())
    return float(np.linalg.norm((found - _W)[size < size.max()]) / np.linalg.norm(_tamed))


rows = [
    {
        "granularity": name,
        "touched": {"tensor": _W.size, "channel": _W.shape[1], "group": 32}[name] - 1,
        "with": error_of_the_others(_W, name),
        "without": error_of_the_others(_tamed, name),
    }
    for name in ("tensor", "channel", "group")
]
for _row in rows:
    print(f"{_row['granularity']:8} with {_row['with']:.2%}, without {_row['without']:.2%}")
