"""The answer to the exercise: small blocks or one bit more?"""

# %% answer
import numpy as np

from explainer.checkpoints import read, read_tensor
from explainer.models import path
from explainer.quantization import quantize

_W = read_tensor(read(path("minilm")), "encoder.layer.0.output.dense.weight")
rows = []
for bits, block_size in ((4, 16), (4, 32), (4, 128), (5, 1536)):
    _q = quantize(_W, bits=bits, granularity="group", block_size=block_size, scale_dtype="float16")
    error = float(np.linalg.norm(_q.dequantize() - _W) / np.linalg.norm(_W))
    rows.append(
        {"bits": bits, "block_size": block_size, "stored": _q.bits_per_weight, "error": error}
    )
    print(
        f"{bits} bits, blocks of {block_size:4}: {_q.bits_per_weight:.3f} bits, error {error:.3f}"
    )
