"""What a token leaves behind in the KV cache, and when the cache outgrows the weights."""

# %% one
num_layers, num_kv_heads, d_head, two_bytes = 32, 8, 128, 2  # Llama 3.1 8B, FP16
one_token = 2 * num_layers * num_kv_heads * d_head * two_bytes  # a key and a value
print(f"{one_token:,} bytes a token")

# %% models
from explainer.architectures import architecture
from explainer.memory.kv_cache import bytes_per_token, context_at, total_bytes

rows = []
for name in "llama-2-7b llama-3.1-8b llama-3.1-70b gemma-2b qwen2.5-7b deepseek-r1".split():
    row = {"name": name, "token": bytes_per_token(name), "weights": 2 * architecture(name).total}
    rows.append(row | {"outgrown": context_at(name, row["weights"])})
    print("{name:14} {token:8,} bytes a token, outgrown at {outgrown:10,}".format(**rows[-1]))
by_name = {row["name"]: row for row in rows}
expanded = bytes_per_token("deepseek-r1", latent=False)

# %% growth
contexts = [2**power for power in range(10, 18)]
shown = ("llama-2-7b", "llama-3.1-8b", "gpt-oss-120b")
curves = {name: [total_bytes(name, context) for context in contexts] for name in shown}
longest = {name: sizes[-1] for name, sizes in curves.items()}

# %% windows
window_context = contexts[-1]
hybrid = total_bytes("gemma-3-27b", window_context)
without = window_context * bytes_per_token("gemma-3-27b")
print(f"with windows {hybrid / without:.1%} of what all layers would keep")

# %% training
from explainer.memory.activations import training_bytes
from explainer.memory.training_states import per_parameter

states = [
    {"name": name, "total": per_parameter(name).total}
    for name in ("adamw", "adamw-fp32-gradients", "adamw-8bit")
]
kept = per_parameter("adamw")
trained = kept.total * architecture("llama-3.1-8b").total
saved = training_bytes("llama-3.1-8b", context=8192)
recomputed = training_bytes("llama-3.1-8b", context=8192, recompute="full")
print(f"states {trained / 1e9:.0f} GB, activations {saved / 1e9:.0f} or {recomputed / 1e9:.0f} GB")

# %% answer
texts, context = 16, 8192
sixteen = total_bytes("llama-3.1-8b", context, texts)
print(f"{sixteen / 2**30:.0f} GiB")
