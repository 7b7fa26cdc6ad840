"""Why biases and gains are left alone: bytes saved against error added, in MiniLM."""

# %% model
import jax
import jax.numpy as jnp

from explainer.checkpoints import read
from explainer.models import path
from explainer.models.bert import embed_tokens, load_minilm, tokenize

_file = read(path("minilm"))
bias_count, parameters = _file.kinds["biases"], _file.parameters
sentences = ["The train leaves at noon.", "It will rain this evening."]
sentences += ["We had soup for lunch.", "How large is this model?"]
sentences += ["He plays the piano well.", "The tea is still hot."]
_minilm = load_minilm()
_tokens = tokenize(_minilm, sentences)
_named, _tree = jax.tree.flatten_with_path(_minilm.params)  # the layers stacked in one array
names = [steps[-1].name for steps, _ in _named]  # bias, gain, weight, or an embedding's
_arrays = [array for _, array in _named]


def vectors(arrays):
    """Return a vector for each sentence, of length one."""
    params = jax.tree.unflatten(_tree, arrays)
    return embed_tokens(params, *_tokens, _minilm.config)


exact = vectors(_arrays)


# %% compare
def rounded(x, bits):  # one scale a row
    scale = jnp.abs(x).max(-1, keepdims=True) / (2 ** (bits - 1) - 1)
    return jnp.round(x / scale) * scale


def moved(chosen, change):
    """Change arrays and return how far the sentence vectors move."""
    pairs = zip(names, _arrays, strict=True)
    changed = vectors([change(x) if name in chosen else x for name, x in pairs])
    return float(jnp.linalg.norm(changed - exact, axis=-1).mean())


def saved(x, bits):  # from FP32, with an FP32 scale for each row
    return x.size * (32 - bits) // 8 - 4 * (x.size // x.shape[-1])


others = {"bias", "gain"}
rows = []
for bits in (8, 4):
    for part, chosen in (("weight", {*names} - others), ("biases-and-gains", others)):
        row = {"part": part, "bits": bits}
        pairs = zip(names, _arrays, strict=True)
        row["saved"] = sum(saved(x, bits) for name, x in pairs if name in chosen)
        row["error"] = moved(chosen, lambda x, bits=bits: rounded(x, bits))
        row["share"] = row["saved"] / _file.file_bytes
        row["per_megabyte"] = row["error"] / row["saved"] * 1e6
        rows.append(row)
        print(f"{part:16} INT{bits} {row['saved']:10,} {row['error']:.4f}")
dearer = rows[1]["per_megabyte"] / rows[0]["per_megabyte"]
in_sixteen = moved(others, lambda x: x.astype(jnp.bfloat16).astype(x.dtype))
print(f"biases and gains in BF16: {in_sixteen:.4f}")

# %% zero
silenced = moved({"bias"}, jnp.zeros_like)
opposite = 2**0.5  # between unrelated vectors of length one
print(f"moved by {silenced:.2f}; unrelated ones are {opposite:.2f} apart")
