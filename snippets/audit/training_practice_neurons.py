"""Neurons, layers, matrices: what a model is made of, counted."""

# %% neurons
from explainer.architectures import architecture, known_config


def neurons(name):
    """Return how many weighted sums a model has: one for each output of a matrix."""
    model = architecture(name)
    out = 1 if model.model_type == "gpt2" else 0  # GPT-2 keeps [inputs, outputs]
    matrices = [t for t in model.tensors if len(t.shape) == 2 and t.component != "embedding"]
    tied_head = known_config(name)["vocab_size"] if model.tied else 0
    return tied_head + sum(t.shape[out] * t.copies for t in matrices if t.kind == "weights")


names = {"gpt2": "GPT-2", "gpt2-xl": "GPT-2 XL", "llama-2-7b": "Llama-2-7B"}
names |= {"gpt3-175b": "GPT-3", "llama-3.1-405b": "Llama-3.1-405B", "deepseek-r1": "DeepSeek-R1"}
rows = []
for name, label in names.items():
    row = {"name": name, "label": label, "parameters": architecture(name).total}
    rows.append(row | {"neurons": neurons(name)})
    print("{label:14} {parameters:15,} parameters {neurons:11,} neurons".format(**rows[-1]))
by_name = {row["name"]: row for row in rows}
hundred_million = 10**8

# %% layers
gpt3, D, L = architecture("gpt3-175b"), 12288, 96
one_layer = 12 * D**2 + 13 * D
in_layers = L * one_layer
rest = gpt3.total - in_layers
print(f"{L} × {one_layer:,} = {in_layers:,}, {in_layers / gpt3.total:.2%} of {gpt3.total:,}")

# %% matrices
gpt2 = architecture("gpt2")
in_each = [t for t in gpt2.tensors if len(t.shape) == 2 and t.component != "embedding"]
conv1d = sum(t.copies for t in in_each)  # stored the other way round, in a class of their own
linear = 1  # the output head
print(f"{conv1d} of one class, {linear} of the other")

# %% claims
claims = [
    {
        "id": "neurons",
        "verdict": "wrong",
        "typed": hundred_million,
        "true": by_name["gpt3-175b"]["neurons"],
    },
    {"id": "layers", "verdict": "right", "typed": 175 * 10**9, "true": gpt3.total},
    {"id": "all-words", "verdict": "misleading", "typed": "all", "true": "those before"},
    {"id": "by-yourself", "verdict": "wrong", "typed": "none", "true": "many"},
]
by_id = {claim["id"]: claim for claim in claims}
