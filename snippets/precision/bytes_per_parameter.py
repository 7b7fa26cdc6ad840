"""What a parameter takes in each format, and what models take."""

# %% storage
from explainer.architectures import architecture

names = {"small": "smollm2-135m", "middle": "llama-3.1-8b", "large": "deepseek-r1"}
models = {key: architecture(name).total for key, name in names.items()}
bits = {"FP64": 64, "FP32": 32, "BF16": 16, "FP8": 8, "FP4": 4}
rows = [
    {"format": name, "bytes": each / 8} | {key: n * each // 8 for key, n in models.items()}
    for name, each in bits.items()
]
for row in rows:
    print("{format}: {bytes} bytes, {middle:,}".format(**row))

# %% training
# Adam in mixed precision: BF16 to compute with, FP32 to remember with.
parts = {"weight": 2, "gradient": 2, "master-weights": 4, "first-moment": 4, "second-moment": 4}
states = [{"part": name, "bytes": size} for name, size in parts.items()]
per_parameter = sum(parts.values())
single = 4 * 4  # weight, gradient and two moments, all FP32
print(f"{per_parameter} bytes a parameter; FP32 throughout: {single}")
