"""Why biases and gains are left alone: bytes saved against error added, in MiniLM."""

# %% model
import jax
import jax.numpy as jnp
from tokenizers import Tokenizer

from explainer.checkpoints import read, read_tensor
from explainer.models import path

minilm = path("minilm")
_file = read(minilm)
bias_count, parameters = _file.kinds["biases"], _file.parameters
kinds = {t.name: t.kind for t in _file if t.parameters}
_model = {name: jnp.asarray(read_tensor(_file, name)) for name in kinds}
_tokenizer = Tokenizer.from_file(str(minilm.with_name("tokenizer.json")))
_tokenizer.no_padding()
sentences = ["The train leaves at noon.", "It will rain this evening."]
sentences += ["We had soup for lunch.", "How large is this model?"]
sentences += ["He plays the piano well.", "The tea is still hot."]
_ids = jnp.array([_tokenizer.encode(text).ids for text in sentences])


# %% forward
def linear(p, name, x):
    return x @ p[f"{name}.weight"].T + p[f"{name}.bias"]


def norm(p, name, x):
    x = x - x.mean(-1, keepdims=True)
    x = x / jnp.sqrt((x**2).mean(-1, keepdims=True) + 1e-12)
    return x * p[f"{name}.weight"] + p[f"{name}.bias"]


@jax.jit
def vectors(p):
    """Return a vector for each sentence, of length one."""
    e = "embeddings."
    x = p[e + "word_embeddings.weight"][_ids]
    x += p[e + "position_embeddings.weight"][: _ids.shape[1]]
    x = norm(p, e + "LayerNorm", x + p[e + "token_type_embeddings.weight"][0])
    for i in range(6):
        a, o = f"encoder.layer.{i}.attention.", f"encoder.layer.{i}."
        q = linear(p, a + "self.query", x).reshape(*_ids.shape, 12, 32)
        k = linear(p, a + "self.key", x).reshape(*_ids.shape, 12, 32)
        v = linear(p, a + "self.value", x).reshape(*_ids.shape, 12, 32)
        scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / 32**0.5
        mixed = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v)
        mixed = linear(p, a + "output.dense", mixed.reshape(x.shape))
        x = norm(p, a + "output.LayerNorm", x + mixed)
        h = linear(p, o + "intermediate.dense", x)
        h = linear(p, o + "output.dense", jax.nn.gelu(h, approximate=False))
        x = norm(p, o + "output.LayerNorm", x + h)
    mean = x.mean(1)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


exact = vectors(_model)


# %% compare
def rounded(x, bits):  # one scale a row
    scale = jnp.abs(x).max(-1, keepdims=True) / (2 ** (bits - 1) - 1)
    return jnp.round(x / scale) * scale


def moved(chosen, change):
    """Change tensors and return how far the sentence vectors move."""
    p = _model | {name: change(_model[name]) for name in chosen}
    return float(jnp.linalg.norm(vectors(p) - exact, axis=-1).mean())


def saved(x, bits):  # from FP32, with an FP32 scale for each row
    return x.size * (32 - bits) // 8 - 4 * (x.size // x.shape[-1])


weights = [name for name in kinds if kinds[name] == "weights"]
others = [name for name in kinds if kinds[name] != "weights"]
rows = []
for bits in (8, 4):
    for part, chosen in (("weight", weights), ("biases-and-gains", others)):
        row = {"part": part, "bits": bits}
        row["saved"] = sum(saved(_model[name], bits) for name in chosen)
        row["error"] = moved(chosen, lambda x, bits=bits: rounded(x, bits))
        row["share"] = row["saved"] / _file.file_bytes
        row["per_megabyte"] = row["error"] / row["saved"] * 1e6
        rows.append(row)
        print(f"{part:16} INT{bits} {row['saved']:10,} {row['error']:.4f}")
dearer = rows[1]["per_megabyte"] / rows[0]["per_megabyte"]
in_sixteen = moved(others, lambda x: x.astype(jnp.bfloat16).astype(x.dtype))
print(f"biases and gains in BF16: {in_sixteen:.4f}")

# %% zero
biases = [name for name in kinds if kinds[name] == "biases"]
silenced = moved(biases, jnp.zeros_like)
opposite = 2**0.5  # between unrelated vectors of length one
print(f"moved by {silenced:.2f}; unrelated ones are {opposite:.2f} apart")
