"""R1 beside its student: what each has to hold, what it has to read, what it solves."""

# %% which
import math

from explainer.architectures import architecture
from explainer.facts import value
from explainer.memory.devices import DEVICES
from explainer.memory.roofline import read_bytes

largest = max(DEVICES.values(), key=lambda device: device.memory_bytes)
rows = []
for name, file, score in (
    ("r1-distill-qwen-7b", "r1_bytes", "qwen_7b"),
    ("deepseek-r1", "full_r1_bytes", "r1"),
):
    row = {"model": name, "bytes": value(f"ollama.{file}")}
    row["read"] = read_bytes(name, 8 * row["bytes"] / architecture(name).total)
    row["held_by"] = sum(row["bytes"] <= device.memory_bytes for device in DEVICES.values())
    row["cards"] = math.ceil(row["bytes"] / largest.memory_bytes)
    row |= {"aime": value(f"aime.{score}"), "gpqa": value(f"gpqa.{score}")}
    rows.append(row)
    print("{model:18} fits {held_by} of the devices, solves {aime} and {gpqa} %".format(**row))
student, teacher = rows
more_to_hold = teacher["bytes"] / student["bytes"]
more_to_read = teacher["read"] / student["read"]
print(f"R1: {more_to_hold:.0f} times to hold, {more_to_read:.1f} times to read for a token")
