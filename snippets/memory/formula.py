"""The formula for a model's memory, its fifteen rows, and what an exact count gives instead."""

# %% formula
from explainer.memory.classic import classic_bytes, classic_table


def as_printed(P, Q):
    return P * 4 * 1.2 / (32 / Q)  # parameters, bits


def shorter(P, Q):
    return 1.2 * P * Q / 8


seven = as_printed(7 * 10**9, 16)
print(f"{seven:,.0f} and {shorter(7 * 10**9, 16):,.0f} bytes")
print(f"{seven / 10**9:.1f} GB or {seven / 2**30:.2f} GiB")

# %% table
rows = [
    {"billions": row.billions, "bits": row.bits, "bytes": row.classic_bytes}
    for row in classic_table()
]
print(len(rows), "rows, as printed with the formula")

# %% formats
from explainer.memory.weights import weight_bytes

names = ["iq1_m", "q2_k", "q3_k_l", "q4_k_m", "q5_k_m", "q8_0", "f16"]
nominal = [1, 2, 3, 4, 5, 8, 16]
formats = []
for name, bits in zip(names, nominal, strict=True):
    real = weight_bytes("llama-3.1-8b", name)
    guess = classic_bytes(real.parameters, bits)
    error = guess / real.total_bytes - 1
    row = {"format": name.upper(), "nominal": bits, "bits": real.bits_per_weight}
    formats.append(row | {"classic": guess, "real": real.total_bytes, "error": error})
    print(f"{name:7} {real.bits_per_weight:6.3f} bits a weight, formula {error:+.1%}")
by_name = {row["format"]: row for row in formats}
errors = [100 * row["error"] for row in formats]

# %% same
same = []
for name in ("qwen2.5-0.5b", "r1-distill-qwen-1.5b", "llama-3.1-8b", "llama-3.1-405b"):
    same.append({"model": name, "bits": weight_bytes(name, "q4_k_m").bits_per_weight})
    print(f"{name:21} Q4_K_M is {same[-1]['bits']:.3f} bits")

# %% cache
from explainer.memory.classic import surcharge_tokens
from explainer.memory.kv_cache import bytes_per_token

pays = []
for name in ("llama-2-7b", "llama-3.1-8b", "llama-3.1-70b", "deepseek-v3"):
    per_token = bytes_per_token(name)
    tokens = surcharge_tokens(weight_bytes(name, "fp16").total_bytes, per_token)
    pays.append({"model": name, "per_token": per_token, "tokens": tokens})
    print(f"{name:14} {per_token:7,} bytes a token: the surcharge pays for {tokens:,}")
