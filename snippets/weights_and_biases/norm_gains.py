"""SmolLM2's gains: what Q4_1 would save on them, and what it would do to them."""

# %% gains
import numpy as np

from explainer.checkpoints import read, read_tensor
from explainer.models import path

file = read(path("smollm2"))
names = [t.name for t in file if t.kind == "gains"]
_gains = np.concatenate([read_tensor(file, name) for name in names])
lowest, median, highest = np.quantile(_gains, (0, 0.5, 1)).tolist()
print(f"{_gains.size:,} gains, {lowest:.2f} to {highest:.2f}")

# %% round
from gguf import GGMLQuantizationType
from gguf.quants import dequantize, quantize

q4 = GGMLQuantizationType.Q4_1
_blocks = quantize(_gains.astype(np.float32), q4)
_rounded = dequantize(_blocks, q4)
saved_bytes = _gains.nbytes - _blocks.nbytes
saved_share = saved_bytes / file.file_bytes
off = np.abs(_rounded / _gains - 1)
typical, worst = float(np.median(off)), float(off.max())
print(f"{saved_bytes:,} bytes saved, {saved_share:.2%} of the file")
print(f"a gain is off by {typical:.1%}, at worst by {worst:.0%}")
