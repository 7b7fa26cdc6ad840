"""What a calculator of memory needs of every known model, and its answers for a few."""

# %% calculator
from explainer.architectures import known_models
from explainer.memory.devices import DEVICES
from explainer.memory.estimate import OVERHEAD_BYTES
from explainer.memory.kv_cache import KV_FORMATS
from explainer.memory.outline import outline
from explainer.memory.training_states import OPTIMIZERS
from explainer.memory.weights import FORMATS, TILE_FORMATS

models = [outline(name) for name in known_models()]
tiles = list(TILE_FORMATS)
gguf = [name for name in FORMATS if name not in TILE_FORMATS]
kv = {name: size.as_integer_ratio() for name, size in KV_FORMATS.items()}
training = {way: (one.weights, one.total - one.weights) for way, one in OPTIMIZERS.items()}
devices = [{"name": one.name, "bytes": one.memory_bytes} for one in DEVICES.values()]
overhead = OVERHEAD_BYTES[1]
context = 8192
chosen = {"model": "llama-3.1-8b", "format": "q4_k_m", "use": "run", "kv": "fp16"}
start = {**chosen, "context": context, "batch": 1}
print(len(models), "models,", len(gguf) + len(tiles), "formats")

# %% table
from explainer.memory.estimate import estimate

rows = []
for name in ("qwen2.5-0.5b", "llama-3.1-8b", "llama-3.1-70b", "deepseek-v3"):
    for form in ("q2_k", "q4_k_m", "q8_0", "bf16"):
        one = estimate(name, form, context=context)
        row = {"model": name, "format": form, "bits": one.bits_per_weight}
        row |= {"weights": one.weights_bytes, "cache": one.kv_cache_bytes}
        rows.append(row | {"total": one.total_bytes})
