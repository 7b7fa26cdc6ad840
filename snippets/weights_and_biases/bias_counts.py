"""Weights against biases in real models, and where the biases sit."""

# %% rows
from explainer.architectures import architecture

names = "bert-base-uncased gpt2 gpt3-175b phi-2 qwen2.5-7b gpt-oss-20b"
names += " llama-2-7b llama-3.1-405b qwen3-8b deepseek-r1"
rows = []
for name in names.split():
    model = architecture(name)
    row = {"name": name, **model.kinds}
    row["share"] = row["biases"] / model.total
    rows.append(row)
    print(f"{name:18} {row['biases']:11,} {row['share']:8.4%}")
share = {row["name"]: row["share"] for row in rows}

# %% qwen
qwen = architecture("qwen2.5-7b")
qwen_biases = [t for t in qwen.tensors if t.kind == "biases"]
for t in qwen_biases:
    print(f"{t.name:42} {t.shape[0]:5,} × {t.copies} = {t.size:7,}")
qwen_rows = []
for t in qwen_biases:
    row = {"tensor": t.name.split(".", 4)[-1], "width": t.shape[0]}
    qwen_rows.append(row | {"all": t.size})

# %% gpt
D, L = 768, 12  # width and layers of GPT-2
attention, feed_forward = 3 * D + D, 4 * D + D  # one for each output
norms = 2 * D
last_norm = D
gpt_biases = L * (attention + feed_forward + norms) + last_norm
print(f"{L} × ({attention} + {feed_forward} + {norms}) + {last_norm}")
print(f"{gpt_biases:,}")

# %% width
one_in = {name: round(1 / share[name]) for name in names.split()[1:3]}
wide = [(d, 1 / (d + 1)) for d in (100, 768, 4096, 12288)]
for d, part in wide:
    print(f"{d:6,} inputs: one bias beside {d:,} weights, {part:.4%}")

# %% correction
r1 = architecture("deepseek-r1")
correction = [t for t in r1.tensors if "bias" in t.name]
for t in correction:
    print(t.name.split(".", 3)[-1], t.kind, f"{t.size:,}")
called_bias = sum(t.size for t in correction)
