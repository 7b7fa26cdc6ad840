"""Open SmolLM2's real file: what is in it, to the last byte."""

# %% open
from explainer.architectures import architecture
from explainer.checkpoints import metadata_value, read
from explainer.models import path

smollm2 = path("smollm2")
with smollm2.open("rb") as opened:
    first = opened.read(4)
model = read(smollm2)
tensor_count = len(model.tensors)
print(first, f"{model.file_bytes:,} bytes, {tensor_count} tensors")

# %% payload
share = model.tensor_bytes / model.file_bytes
print(f"header  {model.header_bytes:11,} bytes")
print(f"payload {model.tensor_bytes:11,} bytes, {share:.2%}")


# %% vocabulary
def spent(key):
    """Count a list of texts in the header, and their bytes."""
    texts = metadata_value(model, f"tokenizer.ggml.{key}")
    return len(texts), sum(8 + len(text.encode()) for text in texts)


tokens, tokens_bytes = spent("tokens")
merges, merges_bytes = spent("merges")
text_bytes = tokens_bytes + merges_bytes
print(f"{tokens:,} tokens, {merges:,} merges: {text_bytes:,} bytes")

# %% types
types = []
for name, total in model.types.items():
    row = {"type": name, "tensors": total.tensors}
    row["parameters"], row["bytes"] = total.parameters, total.stored_bytes
    row["bits"] = 8 * total.stored_bytes / total.parameters
    types.append(row)
    print(f"{name:5} {total.stored_bytes:10,} bytes, {row['bits']:4.1f} bits")
bits = 8 * model.parameter_bytes / model.parameters

# %% tensors
short = ("token_embd", "blk.0.", "output_norm")
tensors = []
for tensor in model.tensors:
    if tensor.name.startswith(short):
        shape = " × ".join(f"{length:,}" for length in tensor.shape)
        row = {"name": tensor.name, "shape": shape, "type": tensor.type}
        row["parameters"], row["bytes"] = tensor.parameters, tensor.stored_bytes
        tensors.append(row)

# %% agree
D, F, L, V = 576, 1536, 30, 49152
K = 192  # width of keys and values
layer = 2 * D * D + 2 * K * D + 3 * F * D + 2 * D
closed_form = V * D + L * layer + D
tree = architecture("smollm2-135m").total
in_file = model.parameters
assert closed_form == tree == in_file
print(f"{closed_form:,} = {tree:,} = {in_file:,}")

# %% parts
stored = dict.fromkeys(model.components, 0)
for tensor in model.tensors:
    stored[tensor.component] += tensor.stored_bytes
parts = [
    ("file-header", model.header_bytes),
    ("token-embedding", stored["embedding"]),
    ("attention", stored["attention"]),
    ("feed-forward", stored["feed_forward"]),
    ("normalization", stored["norm"]),
]
assert sum(size for _, size in parts) == model.file_bytes
