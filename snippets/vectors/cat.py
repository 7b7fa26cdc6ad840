"""Queries, keys and values of "The cat sat on the mat", in one head of SmolLM2."""

# %% read
import jax
import numpy as np

from explainer.models.llama import load_smollm2, trace_llama

_model = load_smollm2()
_config, _blocks = _model.config, _model.params.blocks
_ids = np.array(_model.tokenizer.encode("The cat sat on the mat").ids)
tokens = [_model.tokenizer.decode([int(_id)]).strip() for _id in _ids]
_seen = trace_llama(_model.params, _ids, _config)
T, H = len(tokens), _config.d_head
print(f"{T} tokens: {' '.join(tokens)}")

# %% weights
layer, head = 11, 3  # counted from one
sharing = _config.num_heads // _config.num_kv_heads  # query heads that share a key head
_shared = (head - 1) // sharing
_W_Q = _blocks.query[layer - 1, (head - 1) * H : head * H]
_W_K = _blocks.key[layer - 1, _shared * H : (_shared + 1) * H]
_W_V = _blocks.value[layer - 1, _shared * H : (_shared + 1) * H]
print("W_Q", _W_Q.shape, " W_K", _W_K.shape, " W_V", _W_V.shape)

# %% vectors
Q = np.asarray(_seen.query[layer - 1, head - 1])
K, V = (np.asarray(found[layer - 1, _shared]) for found in (_seen.key, _seen.value))
print("Q", Q.shape, " K", K.shape, " V", V.shape)

# %% scores
scores = Q @ K.T / H**0.5  # one for each pair of tokens
print(scores.round(1))

# %% mask
both_ways = np.asarray(jax.nn.softmax(scores))
weights = np.asarray(jax.nn.softmax(np.where(np.tri(T, dtype=bool), scores, -np.inf)))
print(weights.round(2))

# %% mix
mixed = weights @ V
same = np.allclose(weights, _seen.attention[layer - 1, head - 1], atol=1e-5)
print("mixed", mixed.shape, f" as the model has it: {same}")

# %% count
_all = {"W_Q": _W_Q, "W_K": _W_K, "W_V": _W_V, "Q": Q, "K": K, "V": V, "A": weights}
_kinds = ["parameter"] * 3 + ["vector"] * 3 + ["attention-weights"]
rows = [
    {"name": name, "kind": kind, "shape": " × ".join(map(str, one.shape)), "numbers": one.size}
    for (name, one), kind in zip(_all.items(), _kinds, strict=True)
]
W_Q_corner, Q_corner = np.asarray(_W_Q[:12, :32]), Q[:, :32]

# %% heads
to_first = np.asarray(_seen.attention[:, :, 1:, 0].mean(-1))  # [layer, head]
_before = _seen.attention[:, :, np.arange(1, T), np.arange(T - 1)].mean(-1)
mostly_first, mostly_before = int((to_first > 0.5).sum()), int((_before > 0.5).sum())
of_mat = np.asarray(_seen.attention[layer - 1, :, -1])  # what each head takes for "mat"
_long = np.linalg.norm(_seen.value, axis=-1).repeat(sharing, 1)  # of values: [layer, head, token]
first_value = float(np.median((_long[..., 0] / _long[..., 1:].mean(-1))[to_first > 0.5]))
print(f"of {to_first.size} heads, {mostly_first} look mostly at the first token")
