"""The whole of it for one model, and golden cases that a calculator elsewhere must meet."""

# %% whole
from explainer.memory.estimate import estimate

found = estimate("llama-3.1-8b", "q4_k_m", context=8192)
weights, cache = found.weights_bytes, found.kv_cache_bytes
activations, overhead = found.activation_bytes, found.overhead_bytes
total = found.total_bytes
print(f"{total / 10**9:.2f} GB, {total / 2**30:.2f} GiB")

# %% golden
names = ("qwen2.5-0.5b", "llama-3.1-8b", "llama-3.1-70b", "deepseek-v3")
context, batch = 4096, 2  # tokens of each text, texts
golden = []
for name in names:
    case = estimate(name, "q4_k_m", context=context, batch=batch)
    golden.append({"model": name, "total": case.total_bytes, "cache": case.kv_cache_bytes})
    print(f"{name:14} {case.total_bytes:15,} bytes, {case.kv_cache_bytes:13,} of them cache")
