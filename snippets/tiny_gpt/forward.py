"""One forward pass of the tiny GPT, every vector on the way."""

# %% trace
from explainer import gpt

text = "CBABBC" + "ABBBC"  # input, and five letters of the answer
_params = gpt.trained_gpt()
_seen = gpt.trace_gpt(_params, gpt.tokens_of(text), gpt.GPTConfig())
_c = _seen["token"][0]  # the vector of the first letter, a C
first = [float(value) for value in _c[:4]]
print(*(f"{value:+.3f}" for value in first), "…", len(_c), "in all")

# %% vectors
from explainer.parameters import count_parameters

READS = {  # vector: parameters that make it, in the order of computation
    "token": "token_embedding",
    "position": "position_embedding",
    "residual": "",
    "blocks/ln_attention": "blocks/ln_attention",
    "blocks/query": "blocks/qkv",
    "blocks/key": "blocks/qkv",
    "blocks/value": "blocks/qkv",
    "blocks/scores": "",
    "blocks/attention": "",
    "blocks/mix": "",
    "blocks/projection": "blocks/projection",
    "blocks/residual_attention": "",
    "blocks/ln_mlp": "blocks/ln_mlp",
    "blocks/up": "blocks/up",
    "blocks/gelu": "",
    "blocks/down": "blocks/down",
    "blocks/residual": "",
    "ln_final": "ln_final",
    "logits": "token_embedding",
    "probabilities": "",
}


def at(tree, path):
    """Return what stands at a path such as blocks/up."""
    for key in path.split("/"):
        tree = tree[key]
    return tree


rows = []
for name, reads in READS.items():
    _vectors = at(_seen, name)
    row = {"name": name.removeprefix("blocks/"), "numbers": _vectors.size}
    row["shape"] = " × ".join(map(str, _vectors.shape))
    row["reads"] = reads.removeprefix("blocks/").removesuffix("_embedding") or "–"
    count = count_parameters(at(_params, reads)) if reads else 0
    # Query, key and value share one matrix.
    row["parameters"] = count // 3 if reads == "blocks/qkv" else count
    rows.append(row)
numbers = sum(row["numbers"] for row in rows)
tied = rows[-2]["parameters"]  # the token embedding, used a second time
parameters = sum(row["parameters"] for row in rows) - tied
print(f"{numbers:,} numbers made from {parameters:,} parameters")
