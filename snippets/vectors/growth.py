"""Parameters stay, vectors grow: both counted for texts of growing length."""

# %% count
from functools import partial

import jax
import jax.numpy as jnp

from explainer.models.bert import bert_states, load_minilm

_minilm = load_minilm()
states = partial(bert_states, config=_minilm.config)
parameters = sum(leaf.size for leaf in jax.tree.leaves(_minilm.params))
rows = []
for length in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]:  # tokens
    ids = jnp.zeros((1, length), int)
    shape = jax.eval_shape(states, _minilm.params, ids, ids == 0).shape
    row = {"tokens": length, "parameters": parameters, "vectors": shape[0] * length}
    row["numbers"] = row["vectors"] * shape[-1]
    rows.append(row)
for row in rows[::3]:
    print(f"{row['tokens']:3} tokens: {row['vectors']:5,} vectors, {row['numbers']:9,} numbers")

# %% inventory
from math import prod

sizes = _minilm.config.sizes
D, L, V = sizes.d_model, sizes.num_layers, sizes.vocab_size
T, N = 10, sizes.num_heads  # a text of ten tokens
_inventory = [
    ("token-embedding", "parameter", (V, D)),
    ("position-embedding", "parameter", (sizes.num_positions, D)),
    ("query-matrices", "parameter", (L, D, D)),
    ("query-biases", "parameter", (L, D)),
    ("picked-rows", "vector", (T, D)),
    ("query-vectors", "vector", (L, T, D)),
    ("attention-weights", "activation", (L, N, T, T)),
    ("last-vectors", "vector", (T, D)),
    ("sentence-vector", "vector", (D,)),
]
inventory = []
for name, kind, shape in _inventory:
    row = {"name": name, "kind": kind, "shape": " × ".join(f"{size:,}" for size in shape)}
    row["numbers"] = prod(shape)
    inventory.append(row)
