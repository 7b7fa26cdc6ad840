"""Hidden units that begin equal: which gradients vanish, and what is learned."""

# %% clouds
import jax
import jax.numpy as jnp

key_corner, key_noise, key_start = jax.random.split(jax.random.key(1), 3)
corner = jax.random.rademacher(key_corner, (200, 2), float)  # each ±1
x = corner + 0.3 * jax.random.normal(key_noise, corner.shape)
upper = (corner[:, 1] > 0).astype(float)  # one straight cut divides these
crossed = (corner[:, 0] != corner[:, 1]).astype(float)  # XOR: none does
tasks = jnp.stack([upper, crossed])
majority = jnp.maximum(tasks.mean(1), 1 - tasks.mean(1)).tolist()
print("the larger class alone: {:.1%} and {:.1%}".format(*majority))

# %% starts
from explainer.network import Layer, init_mlp

hidden, constant = 8, 0.5


def all_equal(number):
    shapes = [((hidden, 2), hidden), ((1, hidden), 1)]
    return tuple(Layer(jnp.full(w, number), jnp.full(b, number)) for w, b in shapes)


starts = {"zero": all_equal(0.0), "constant": all_equal(constant)}
starts["random"] = init_mlp((2, hidden, 1), key=key_start)
_starts = jax.tree.map(lambda *leaves: jnp.stack(leaves), *starts.values())

# %% learn
import optax

from explainer.network import apply_mlp
from explainer.training import train

num_steps = 3000


def learn(params, labels, activation):
    def loss(params, batch, key):
        logits = apply_mlp(params, batch[0], activation=activation)[:, 0]
        return optax.sigmoid_binary_cross_entropy(logits, batch[1]).mean()

    gradient = jax.grad(loss)(params, (x, labels), key_start)
    rule = {"optimizer": optax.sgd(0.5), "num_steps": num_steps, "key": key_start}
    last = train(params, (x, labels), loss=loss, **rule).params
    logits = apply_mlp(last, x, activation=activation)[:, 0]
    right = ((logits > 0) == (labels > 0)).mean()
    return gradient, right, last[0].weight.std(0).max()


# %% compare
activations = {"ReLU": jax.nn.relu, "tanh": jnp.tanh}
activations |= {"GELU": jax.nn.gelu, "sigmoid": jax.nn.sigmoid}
rows = []
for name, activation in activations.items():
    every = jax.vmap(jax.vmap(learn, (None, 0, None)), (0, None, None))
    gradient, right, spread = jax.jit(every, static_argnums=2)(_starts, tasks, activation)
    for i, start in enumerate(starts):
        row = {"activation": name, "start": start, "spread": float(spread[i].max())}
        row["upper"], row["crossed"] = right[i].tolist()
        alive = [int((leaf[i, 1] != 0).sum()) for layer in gradient for leaf in layer]
        parts = zip(("W1", "b1", "W2", "b2"), alive, strict=True)
        rows.append(row | dict(parts))
        print(f"{name:7} {start:8}: {alive} {right[i, 0]:.0%} {right[i, 1]:.0%}")
by = {start: {r["activation"]: r for r in rows if r["start"] == start} for start in starts}
