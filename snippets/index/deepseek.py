"""What 671 B is made of: DeepSeek-R1's parameters, to the last one."""

# %% parts
from explainer.architectures import architecture

model = architecture("deepseek-v3-671b")  # R1 has the shape of V3
terms = {
    "experts": "routed-experts",
    "attention": "attention",
    "shared_experts": "shared-experts",
    "feed_forward": "dense-feed-forward",
    "embedding": "token-embedding",
    "head": "output-head",
    "router": "router",
    "norm": "normalization",
}
total = model.total
parts = []
for component, part in terms.items():
    count = model.components[component]
    parts.append({"part": part, "parameters": count, "share": count / total})
    print(f"{part:18} {count:15,}  {count / total:8.4%}")
print(f"{'total':18} {total:15,}")

# %% experts
D, F = 7168, 2048  # width of the model, width inside one expert
layers, experts, chosen = 58, 256, 8  # chosen: at work on one token
assert model.components["experts"] == layers * experts * 3 * D * F
active = total - layers * (experts - chosen) * 3 * D * F
print(f"of {layers * experts:,} experts, {layers * chosen} work on a token")
print(f"so it uses {active:,} parameters, {active / total:.2%}")

# %% sheets
cells = 1_048_576 * 16_384  # rows × columns of the largest spreadsheet
sheets = total / cells
print(f"{cells:,} cells a sheet: {sheets:.2f} sheets, one number a cell")
