"""Which inputs can move which outputs: convolution, recurrence, attention, by Jacobian."""

# %% layers
import jax
import jax.numpy as jnp

T, D, num_texts = 8, 6, 64
_keys = jax.random.split(jax.random.key(0), 6)
_A, _B, _C, _Q, _K = (jax.random.normal(key, (D, D)) / D**0.5 for key in _keys[:5])
texts = jax.random.normal(_keys[5], (num_texts, T, D))


def convolution(x: jax.Array) -> jax.Array:
    """Each place sees itself and its two neighbours."""
    padded = jnp.pad(x, ((1, 1), (0, 0)))
    return padded[:-2] @ _A + padded[1:-1] @ _B + padded[2:] @ _C


def recurrence(x: jax.Array) -> jax.Array:
    """Each place sees itself and what the place before hands on."""

    def step(state: jax.Array, now: jax.Array) -> tuple[jax.Array, jax.Array]:
        state = jnp.tanh(0.8 * state @ _A + now @ _B)
        return state, state

    return jax.lax.scan(step, jnp.zeros(D), x)[1]


def attention(x: jax.Array, *, causal: bool) -> jax.Array:
    """Each place sees all, or all that stands before."""
    scores = (x @ _Q) @ (x @ _K).T / D**0.5
    if causal:
        scores = jnp.where(jnp.tril(jnp.ones((T, T), bool)), scores, -jnp.inf)
    return jax.nn.softmax(scores) @ (x @ _B)


# %% jacobian
_layers = {
    "convolution": convolution,
    "recurrence": recurrence,
    "causal-attention": lambda x: attention(x, causal=True),
    "both-ways-attention": lambda x: attention(x, causal=False),
}
maps, rows = {}, []
for _name, _layer in _layers.items():
    _slopes = jax.vmap(jax.jacobian(_layer))(texts)  # [text, output, D, input, D]
    maps[_name] = jnp.sqrt((_slopes**2).sum((2, 4))).mean(0)  # how far an input moves an output
    _pairs = int((maps[_name] > 0).sum())
    rows.append({"name": _name, "pairs": _pairs, "last": int((maps[_name][-1] > 0).sum())})
    print(f"{_name:20} {_pairs:2} of {T * T} pairs")

# %% far
far = {name: float(found[-1, 0] / found[-1, -2]) for name, found in maps.items()}
print({name: round(share, 3) for name, share in far.items()})
_twice = jax.jacobian(lambda x: convolution(convolution(x)))(texts[0])
stacked = int((jnp.abs(_twice[T // 2]).sum((0, 2)) > 0).sum())
print(f"two convolutions on top of each other reach {stacked} inputs")
