"""The six models that were taught by DeepSeek-R1, beside R1 itself."""

# %% six
from explainer.architectures import architecture

r1 = architecture("deepseek-r1")
sizes = "qwen-1.5b qwen-7b llama-8b qwen-14b qwen-32b llama-70b"
rows = []
for size in sizes.split():
    model = architecture(f"r1-distill-{size}")
    row = {"name": model.name, "total": model.total}
    row["times"] = r1.total / model.total
    row["times_active"] = r1.active / model.total
    rows.append(row)
    print(f"{model.name:22} {model.total:14,} {row['times']:6.1f}")

# %% untied
base = architecture("qwen2.5-1.5b")
extra = rows[0]["total"] - base.total
assert extra == base.components["embedding"]
print(f"the base: {base.total:,}; a head of its own: {extra:,}")
