"""A small GPT of zeros: not one of its gradients says which way to go."""

# %% model
import jax
import jax.numpy as jnp
import numpy as np

V, T, D, L = 50, 16, 32, 2  # tokens, places, width, layers
norms = {"ln_1": (L, D), "ln_2": (L, D), "ln_f": (D,)}  # gains
weights = {"wte": (V, D), "wpe": (T, D), "qkv": (L, 3 * D, D)}
weights |= {"out": (L, D, D), "up": (L, 4 * D, D), "down": (L, D, 4 * D)}
biases = {"b_1": (L, D), "b_2": (L, D), "b_f": (D,), "b_qkv": (L, 3 * D)}
biases |= {"b_out": (L, D), "b_up": (L, 4 * D), "b_down": (L, D)}


def norm(x, gain, bias):
    x = x - x.mean(-1, keepdims=True)
    return gain * x / jnp.sqrt((x**2).mean(-1, keepdims=True) + 1e-5) + bias


def loss(p, tokens):
    past = jnp.tril(jnp.ones((T, T), bool))
    h = p["wte"][tokens[:-1]] + p["wpe"]  # [T, D]
    for i in range(L):
        x = norm(h, p["ln_1"][i], p["b_1"][i])
        q, k, v = jnp.split(x @ p["qkv"][i].T + p["b_qkv"][i], 3, axis=1)
        seen = jax.nn.softmax(jnp.where(past, q @ k.T / D**0.5, -jnp.inf))
        h = h + seen @ v @ p["out"][i].T + p["b_out"][i]
        x = norm(h, p["ln_2"][i], p["b_2"][i])
        x = jax.nn.gelu(x @ p["up"][i].T + p["b_up"][i])
        h = h + x @ p["down"][i].T + p["b_down"][i]
    logits = norm(h, p["ln_f"], p["b_f"]) @ p["wte"].T  # tied head: [T, V]
    return -jax.nn.log_softmax(logits)[jnp.arange(T), tokens[1:]].mean()


# %% gradients
zeros = {name: np.zeros(shape, np.float32) for name, shape in (weights | norms | biases).items()}
gains = {name: np.ones(shape, np.float32) for name, shape in norms.items()}
# All random numbers in one draw, cut into the shapes of the weights.
drawn = np.asarray(jax.random.normal(jax.random.key(0), (sum(map(np.prod, weights.values())),)))
ends = np.cumsum([np.prod(shape) for shape in weights.values()])
_cut = zip(weights.items(), np.split(0.02 * drawn, ends[:-1]), strict=True)
small = {name: part.reshape(shape) for (name, shape), part in _cut}

tokens = jax.random.randint(jax.random.key(1), (T + 1,), 0, V)
gradient_of = jax.jit(jax.grad(loss))
starts = {"zero": zeros, "gains": zeros | gains, "gpt2": zeros | gains | small}
alive = {}
for start, params in starts.items():
    leaves = [np.asarray(leaf) for leaf in gradient_of(params, tokens).values()]
    parameters = sum(leaf.size for leaf in leaves)
    alive[start] = sum(np.count_nonzero(leaf) for leaf in leaves)
    print(f"{start:5}: {alive[start]:6,} of {parameters:,} gradients are not zero")
