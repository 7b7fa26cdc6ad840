"""MiniLM from FP32 down to two bits: what is left of its sentence vectors."""

# timeout: 300
# %% load
import jax
import numpy as np

from explainer.coarsening import coarsen
from explainer.damage import embedding_damage, relative_error
from explainer.models.bert import embed_tokens, load_minilm, tokenize
from explainer.quantization import quantize
from explainer.sentences import sentence_pairs

_minilm = load_minilm()
pairs = sentence_pairs()
_tokens = tokenize(_minilm, [sentence for pair in pairs for sentence in pair])
_whole = embed_tokens(_minilm.params, *_tokens, _minilm.config)
parameters = sum(leaf.size for leaf in jax.tree.leaves(_minilm.params))
print(f"{2 * len(pairs)} sentences, {parameters:,} parameters in FP32")


# %% measure
def by_row(weight, name):
    """Store each row with one scale; `coarsen` has one for each 32 weights."""
    stored = quantize(weight, bits=int(name[3:]), scale_dtype="float16")
    return stored.dequantize(), stored.bits_per_weight


def measure(name, kind, change):
    """Change the parameters, embed all sentences again, and compare with FP32."""
    sizes = {}

    def store(path, weight):
        matrix = path[-1].name not in ("bias", "gain")
        coarse, bits = change(weight, name) if matrix or kind == "cast" else (weight, 32.0)
        sizes[path] = weight.size, bits, matrix
        return coarse

    params = jax.tree_util.tree_map_with_path(store, _minilm.params)
    found = embed_tokens(params, *_tokens, _minilm.config)
    closest = np.asarray(found @ found.T) - 2 * np.eye(len(found))
    damage = embedding_damage(found, _whole)._asdict()
    row = {"format": name, "kind": kind} | {key: float(value) for key, value in damage.items()}
    row["bytes"] = sum(size * bits for size, bits, _ in sizes.values()) / 8
    row["bits"] = max(bits for _, bits, matrix in sizes.values() if matrix)
    row["error"] = float(relative_error(params.word, _minilm.params.word))
    row["partners"] = int((closest.argmax(1) == np.arange(len(found)) ^ 1).sum())
    return row


# %% climb
widths = [8, 6, 5, 4, 3, 2]
casts = [measure(name, "cast", coarsen) for name in ("f32", "bf16", "f16", "f8_e4m3")]
groups = [measure(f"int{bits}", "group", coarsen) for bits in widths]
by_rows = [measure(f"int{bits}", "row", by_row) for bits in widths]
for row in casts + groups + by_rows:
    print(f"{row['format']:7} {row['kind']:5} {row['bytes'] / 1e6:5.1f} MB", end="  ")
    print(f"itself {row['self_cosine']:.4f}  order {row['spearman']:.4f}")
