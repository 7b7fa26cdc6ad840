"""What MiniLM's parameters are spent on: half of them are one row a token."""

# %% parts
from explainer.checkpoints import read, tensor_named
from explainer.models import path

model = read(path("minilm"))
words = tensor_named(model, "embeddings.word_embeddings.weight")
share = words.parameters / model.parameters
parts = [
    ("token-embedding", words.parameters),
    ("position-embedding", model.components["embedding"] - words.parameters),
    ("feed-forward", model.components["feed_forward"]),
    ("attention", model.components["attention"]),
    ("pooler", model.components["head"]),
    ("normalization", model.components["norm"]),
]
assert sum(count for _, count in parts) == model.parameters
print(f"{words.shape[0]:,} rows × {words.shape[1]} = {words.parameters:,}")
print(f"of {model.parameters:,} parameters, {share:.1%}")
