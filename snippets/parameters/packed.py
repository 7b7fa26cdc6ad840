"""Eight parameters in one INT32: the array shrinks, the count does not."""

# %% pack
import numpy as np

eight = [3, 15, 0, 7, 12, 9, 1, 4]  # four bits each: 0 to 15
word = 0
for place, code in enumerate(eight):
    word |= code << 4 * place
print(f"{word} is {word:032b}")

# %% unpack
unpacked = [word >> 4 * place & 15 for place in range(8)]
print(*unpacked)
assert unpacked == eight

# %% real
from explainer.checkpoints import read, read_tensor
from explainer.models import path

smollm2 = read(path("smollm2"))
raw = read_tensor(smollm2, "blk.0.attn_q.weight", raw=True)
blocks = raw.reshape(576, 18, 20)[:, :, 4:]  # without scale and least
_codes = np.concatenate([blocks & 15, blocks >> 4], -1)
_codes = _codes.reshape(576, 576)
places = 4 * np.arange(8, dtype=np.uint32)
_eights = _codes.T.reshape(72, 8, 576).astype(np.uint32)
_words = (_eights << places[:, None]).sum(1, dtype=np.uint32)
_words = _words.view(np.int32)
shape_before, shape_after = _codes.shape, _words.shape
print(f"{shape_before} becomes {shape_after} of INT32")

# %% count
import tempfile
from pathlib import Path

from safetensors.numpy import save_file

# Stand-ins for zero-points and scales: here only their shapes matter.
_layer = {"q.qweight": _words, "q.qzeros": np.zeros((18, 72), np.int32)}
_layer["q.scales"] = np.ones((18, 576), np.float16)
with tempfile.TemporaryDirectory() as folder:
    place = Path(folder) / "layer.safetensors"
    save_file(_layer, place)
    model = read(place)
rows = []
for t in model.tensors:
    rows.append({"tensor": t.name, "type": t.type})
    rows[-1] |= {"elements": t.elements, "parameters": t.parameters}
elements = sum(row["elements"] for row in rows)
parameters, bits = model.parameters, model.bits_per_parameter
print(f"{elements:,} stored, {parameters:,} parameters, {bits} bits each")
