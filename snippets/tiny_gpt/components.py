"""A GPT of 85,584 parameters: every part of it, by name, shape and count."""

# %% sort
from explainer.gpt import GPTConfig, sort_letters, trained_gpt

config, _params = GPTConfig(), trained_gpt()
letters = "CBABBC"
answer = sort_letters(_params, letters, config)
print(letters, "->", answer)

# %% components
from explainer.parameters import describe

PARTS = {  # path of the arrays: component
    "token_embedding": "token-embedding",
    "position_embedding": "position-embedding",
    "blocks/ln_attention": "normalization",
    "blocks/qkv": "attention",
    "blocks/projection": "attention",
    "blocks/ln_mlp": "normalization",
    "blocks/up": "feed-forward",
    "blocks/down": "feed-forward",
    "ln_final": "normalization",
}
leaves = sorted(describe(_params), key=lambda leaf: leaf.name.endswith("bias"))
rows = []
for path, component in PARTS.items():
    for leaf in leaves:
        if leaf.name.startswith(path):
            row = {"name": leaf.name.removeprefix("blocks/")}
            row["component"] = component
            kind = leaf.name.rpartition("/")[2]
            row["kind"] = kind if kind in ("gain", "bias") else "weight"
            row["shape"] = " × ".join(str(length) for length in leaf.shape)
            rows.append(row | {"parameters": leaf.parameters})
print(len(rows), "arrays")

# %% count
L, D, F, V, T = 3, 48, 192, 3, 11
attention = 3 * (D * D + D) + (D * D + D)  # Q, K, V; projection
feed_forward = (D * F + F) + (F * D + D)
layer = attention + feed_forward + 2 * 2 * D  # two normalizations
closed_form = V * D + T * D + L * layer + 2 * D
total = sum(row["parameters"] for row in rows)
assert total == closed_form
print(f"{V * D} + {T * D} + {L} × {layer:,} + {2 * D} = {total:,}")

# %% share
totals = dict.fromkeys(PARTS.values(), 0)
for row in rows:
    totals[row["component"]] += row["parameters"]
items = list(totals.items())
