"""Why a pickle is never opened, and what the other formats do instead."""

# %% greeting
import io
import pickle
import pickletools
from contextlib import redirect_stdout


class Greeting:
    def __reduce__(self):
        return print, ("this ran because the file was opened",)


trap = pickle.dumps(Greeting())
with redirect_stdout(io.StringIO()) as said:
    pickle.loads(trap)  # nobody called print, and yet
print("said:", said.getvalue())

# %% orders
import numpy as np

tensors = {"weight": np.zeros((500, 100), np.float32)}
honest = pickle.dumps(tensors)
orders = [op.name for op, _, _ in pickletools.genops(honest)]
calls = orders.count("REDUCE") + orders.count("BUILD")
print(f"one honest array: {len(orders)} orders, {calls} of them calls")

# %% refused
import tempfile
import textwrap
import zipfile
from pathlib import Path

from gguf import GGUFWriter
from safetensors.numpy import save_file

from explainer.checkpoints import ModelFileError, read

with tempfile.TemporaryDirectory() as folder:
    place = Path(folder) / "model.pt"  # a ZIP with a pickle inside
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("model/data.pkl", trap)
    try:
        read(place)
    except ModelFileError as error:
        refusal = str(error).split(": ", 1)[1]
print(textwrap.fill(refusal, 68))

# %% template
from explainer.checkpoints import metadata_value
from explainer.models import path

template = metadata_value(read(path("smollm2")), "tokenizer.chat_template")
loops, conditions = template.count("{% for"), template.count("{% if")
print(textwrap.fill(template[: template.index("{{")], 68))
print(f"{len(template)} characters, {loops} loop, {conditions} conditions")

# %% formats
with tempfile.TemporaryDirectory() as folder:
    save_file(tensors, Path(folder) / "model.safetensors")
    writer = GGUFWriter(Path(folder) / "model.gguf", "llama")
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    safe = sorted(Path(folder).iterdir(), reverse=True)
    found = [read(place).parameters for place in safe]
    sizes = [len(honest)] + [place.stat().st_size for place in safe]
payload = tensors["weight"].nbytes
suffixes = (".pt, .pth, .ckpt, .bin", ".safetensors", ".gguf")
rows = []
for suffix, size in zip(suffixes, sizes, strict=True):
    row = {"file": suffix, "beside": size - payload}
    row["runs"] = suffix.startswith(".pt")
    row["vocabulary"] = row["blocks"] = suffix == ".gguf"
    rows.append(row)
    print(f"{suffix:23} {row['beside']:4} bytes beside the numbers")
