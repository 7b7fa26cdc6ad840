"""Write a safetensors file and read its header with nothing but JSON."""

# %% write
import json
import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save

line = {"slope": np.float32([2]), "intercept": np.float32([-1])}
content = save(line)
length = int.from_bytes(content[:8], "little")
header = json.loads(content[8 : 8 + length])
print(f"{len(content)} bytes, of which {8 + length} are header")
for name, entry in header.items():
    print(f"{name:9} {entry}")

# %% payload
payload = np.frombuffer(content[8 + length :], np.float32)
print("payload:", *payload)

# %% share
from explainer.checkpoints import read
from explainer.models import path

with tempfile.TemporaryDirectory() as folder:
    place = Path(folder) / "line.safetensors"
    place.write_bytes(content)
    files = {"line.safetensors": read(place)}
files["MiniLM (safetensors)"] = read(path("minilm"))
files["SmolLM2 (GGUF)"] = read(path("smollm2"))
rows = []
for name, file in files.items():
    share = file.parameter_bytes / file.file_bytes
    row = {"file": name, "parameters": file.parameters, "share": share}
    row["bytes"], row["header"] = file.file_bytes, file.header_bytes
    row["bits"] = file.bits_per_parameter
    rows.append(row)
    print(f"{name:21} {file.file_bytes:10,} bytes, {share:7.2%}")
