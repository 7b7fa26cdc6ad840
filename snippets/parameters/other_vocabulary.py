"""The same layers with a larger vocabulary: what it adds to a model called 7B."""

# %% answer
from explainer.architectures import architecture, read_config

llama = read_config("llama-2-7b")
sizes = (llama["vocab_size"], read_config("qwen2.5-7b")["vocab_size"])
models = [architecture(llama | {"vocab_size": size}) for size in sizes]
counts = [model.total for model in models]
added = counts[1] - counts[0]
assert added == 2 * (sizes[1] - sizes[0]) * llama["hidden_size"]
print(f"{counts[0]:,} + {added:,} = {counts[1]:,}")
