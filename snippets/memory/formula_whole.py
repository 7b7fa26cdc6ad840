"""The whole of it for one model, and golden cases that a calculator elsewhere must meet."""

# %% whole
from explainer.memory.estimate import estimate

found = estimate("llama-3.1-8b", "q4_k_m", context=8192)
weights, cache = found.weights_bytes, found.kv_cache_bytes
activations, overhead = found.activation_bytes, found.overhead_bytes
total = found.total_bytes
print(f"{total / 10**9:.2f} GB, {total / 2**30:.2f} GiB")

# %% widget
from explainer.memory.devices import DEVICES
from explainer.memory.kv_cache import bytes_per_token
from explainer.memory.weights import weight_bytes

names = ("qwen2.5-0.5b", "llama-3.1-8b", "llama-3.1-70b", "deepseek-v3")
formats = ("bf16", "q8_0", "q4_k_m", "q2_k")
models = {}
for name in names:
    stored = {f: weight_bytes(name, f).total_bytes for f in formats}
    models[name] = {"weights": stored, "per_token": bytes_per_token(name)}
devices = [{"device": d.name, "bytes": d.memory_bytes} for d in DEVICES.values()]
golden = []
for name in names:
    case = estimate(name, "q4_k_m", context=4096, batch=2)
    golden.append({"model": name, "total": case.total_bytes, "cache": case.kv_cache_bytes})
print(len(models), "models,", len(golden), "golden cases")
