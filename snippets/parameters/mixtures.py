"""Mixtures of experts: what there is, what one token uses, and three ways to say "active"."""

# %% active
from explainer.architectures import architecture

names = "mixtral-8x7b mixtral-8x22b-instruct qwen3-30b-a3b"
names += " qwen3-235b-a22b gpt-oss-20b gpt-oss-120b deepseek-r1"
rows = []
for name in names.split():
    model = architecture(name)
    row = {"name": name, "total": model.total, "active": model.active}
    row["without_input"] = model.active_without_input_embedding
    row["without_tables"] = model.active_without_embedding_and_head
    row["share"] = model.active / model.total
    rows.append(row)
    print(f"{name:22} {model.total:15,} {model.active:14,}")

# %% tokens
r1 = architecture("deepseek-r1")
experts = r1.components["experts"]
at_work = experts * 8 // 256  # eight of 256 experts in each layer
working = {"routed-experts": at_work}
working["attention"] = r1.components["attention"]
working["shared-experts"] = r1.components["shared_experts"]
working["dense-feed-forward"] = r1.components["feed_forward"]
working["token-embedding"] = r1.components["embedding"]
working["output-head"] = r1.components["head"]
working["router"] = r1.components["router"]
working["normalization"] = r1.components["norm"]
resting = experts - at_work
active = sum(working.values())
print(f"at work {active:,}, resting {resting:,}: {r1.total:,}")
items = [
    {"name": "resting-experts", "value": resting, "role": "neutral"},
    {"name": "active-parameters", "value": active},
]
