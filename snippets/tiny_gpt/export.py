"""The tiny GPT and one forward pass, as numbers that another program can read."""

# %% write
import json

import numpy as np

from explainer.gpt import stepper_data

data = stepper_data("CBABBC")
_written = json.dumps(data, separators=(",", ":")).encode()
downloads = {"tiny-gpt.json": np.frombuffer(_written, np.uint8)}
size_bytes = len(_written)
print(", ".join(data), f"- {size_bytes:,} bytes")

# %% read
_read = json.loads(downloads["tiny-gpt.json"].tobytes())
_weights, _trace = _read["weights"], _read["trace"]
_array = _weights["arrays"]["token_embedding"]
_table = np.array(_array["values"]).reshape(_array["shape"]) * _weights["step"]
parameters = sum(len(array["values"]) for array in _weights["arrays"].values())
vectors = sum(len(array["values"]) for array in _trace["arrays"].values())
step, trace_step = _weights["step"], _trace["step"]
first = _table[2, :4].tolist()  # of the letter C
print(f"{parameters:,} parameters, {vectors:,} numbers of the pass over {_trace['letters']}")
print("C:", *(f"{value:+.3f}" for value in first), "…")
