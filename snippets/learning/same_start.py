"""Hidden units that begin equal: which gradients vanish, and what is learned."""

# %% clouds
import numpy as np

rng = np.random.default_rng(0)
corner = rng.choice([-1, 1], size=(200, 2))
x = (corner + 0.3 * rng.normal(size=corner.shape)).astype(np.float32)
upper = corner[:, 1] > 0  # one straight cut divides these
crossed = corner[:, 0] != corner[:, 1]  # XOR: none does
tasks = np.stack([upper, crossed]).astype(np.float32)
majority = np.maximum(tasks.mean(1), 1 - tasks.mean(1)).tolist()
print("the larger class alone: {:.1%} and {:.1%}".format(*majority))

# %% starts
import jax
import jax.numpy as jnp

from explainer.network import Layer, init_mlp

hidden, constant, key = 8, 0.5, jax.random.key(1)


def all_equal(number):
    shapes = [((hidden, 2), hidden), ((1, hidden), 1)]
    return tuple(Layer(*(np.full(s, number, np.float32) for s in pair)) for pair in shapes)


starts = {"zero": all_equal(0.0), "constant": all_equal(constant)}
starts["random"] = init_mlp((2, hidden, 1), key=key)
_starts = jax.tree.map(lambda *leaves: np.stack(leaves), *starts.values())

# %% learn
import optax

from explainer.network import apply_mlp
from explainer.training import train

num_steps = 3000


def learn(params, labels, activation):
    def loss(params, batch, key):
        logits = apply_mlp(params, batch[0], activation=activation)[:, 0]
        return optax.sigmoid_binary_cross_entropy(logits, batch[1]).mean()

    gradient = jax.grad(loss)(params, (x, labels), key)
    rule = {"optimizer": optax.sgd(0.5), "num_steps": num_steps, "key": key}
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
    found = jax.jit(every, static_argnums=2)(_starts, tasks, activation)
    gradient, right, spread = jax.tree.map(np.asarray, found)
    for i, start in enumerate(starts):
        row = {"activation": name, "start": start, "spread": float(spread[i].max())}
        row["upper"], row["crossed"] = right[i].tolist()
        alive = [int((leaf[i, 1] != 0).sum()) for layer in gradient for leaf in layer]
        parts = zip(("W1", "b1", "W2", "b2"), alive, strict=True)
        rows.append(row | dict(parts))
        print(f"{name:7} {start:8}: {alive} {right[i, 0]:.0%} {right[i, 1]:.0%}")
by = {start: {r["activation"]: r for r in rows if r["start"] == start} for start in starts}
