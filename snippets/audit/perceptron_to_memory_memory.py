"""Teacher and students, one formula, fifteen rows: what one article says of memory, recomputed."""


# %% formula
def as_printed(P, Q):
    return P * 4 * 1.2 / (32 / Q)  # parameters, bits


def shorter(P, Q):
    return 1.2 * P * Q / 8


seven = as_printed(7 * 10**9, 16)
print(f"{seven:,.0f} and {shorter(7 * 10**9, 16):,.0f}, and the unit is a byte")

# %% table
widths, rows = [4, 8, 16], []
for billions in (1.5, 7, 14, 32, 70):
    for bits in widths:
        rows.append({"billions": billions, "bits": bits, "bytes": as_printed(billions * 1e9, bits)})
by_size = {(row["billions"], row["bits"]): row["bytes"] for row in rows}
for billions in (1.5, 7, 14, 32, 70):
    print(f"{billions:4}", *(f"{by_size[billions, bits] / 1e9:6.1f} GB" for bits in widths))
promised = {bits: by_size[7, bits] for bits in widths}

# %% cache
from explainer.architectures import architecture, known_config

two_bytes, surcharge, context = 2, 0.2, 131_072
cache = {}
for name in ("llama-2-7b", "r1-distill-qwen-7b"):
    c, weights_bytes = known_config(name), two_bytes * architecture(name).total
    d_head = c["hidden_size"] // c["num_attention_heads"]
    per_token = 2 * c["num_hidden_layers"] * c["num_key_value_heads"] * d_head * two_bytes
    row = {"per_token": per_token, "tokens": int(surcharge * weights_bytes / per_token)}
    cache[name] = row | {"long": context * per_token / weights_bytes}
    print(f"{name:18} {per_token:7,} bytes a token, {row['tokens']:6,} tokens")
longest = cache["r1-distill-qwen-7b"]["long"]

# %% training
kept = {"weights": 2, "gradients": 2, "copy in FP32": 4, "two moments": 8}  # bytes, Adam
training_bytes = 7 * 10**9 * sum(kept.values())
print(f"{sum(kept.values())} bytes a parameter: {training_bytes / 1e9:.0f} GB")

# %% answer
card_bytes = 8 * 10**9
by_formula = card_bytes * 8 / (1.2 * 7 * 10**9)  # bits for each parameter
by_count = card_bytes * 8 / architecture("r1-distill-qwen-7b").total
print(f"by the formula {by_formula:.1f} bits, by the count {by_count:.1f}")

# %% claims
claims = [
    {"id": "soft-labels", "verdict": "right-with-a-gap", "typed": "labels", "true": "text"},
    {"id": "running-r1", "verdict": "misleading", "typed": "R1", "true": "a student"},
    {"id": "formula", "verdict": "misleading", "typed": "GB", "true": "B"},
    {"id": "fifteen-rows", "verdict": "right", "typed": 15, "true": len(rows)},
    {"id": "seven-in-four", "verdict": "misleading", "typed": 4.2e9, "true": promised[4]},
    {"id": "twenty-percent", "verdict": "misleading", "typed": surcharge, "true": longest},
]
by_id = {claim["id"]: claim for claim in claims}
