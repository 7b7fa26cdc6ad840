"""The same network with and without biases, on two tasks, several seeds each."""

# %% tasks
import jax
import numpy as np

from explainer.classification import Examples
from explainer.digits import Split, load_digits, split_examples


def disc(n=1000):
    """Points of a square; 1 inside a disc around the middle, 0 outside."""
    x = rng.uniform(-1, 1, size=(n, 2)).astype(np.float32)
    return Examples(x, ((x**2).sum(-1) < 2 / np.pi).astype(np.int32))  # half of the area


rng, key = np.random.default_rng(0), jax.random.key(0)
disc_data = Split(disc(), disc())
digits_data = split_examples(load_digits(), num_train=600, key=key)
tasks = {"disc": (disc_data, (2, 16, 16, 2)), "digits": (digits_data, (64, 32, 10))}

# %% train
from functools import partial

import jax.numpy as jnp
import optax

from explainer.classification import accuracy, classification_loss
from explainer.network import Layer, apply_mlp, init_mlp
from explainer.training import train

num_seeds, num_steps, optimizer = 8, 250, optax.adam(0.01)
keys = jax.random.split(key, num_seeds)


@partial(jax.jit, static_argnames="widths")
def accuracies(data, widths):
    """Train a network for each seed, with and without; return what it gets right on the rest."""

    def one(use_bias, key):
        def held(params):  # a bias that counts for nothing learns nothing
            return tuple(Layer(weight, use_bias * bias) for weight, bias in params)

        def loss(params, batch, key):
            return classification_loss(held(params), batch, key)

        options = {"optimizer": optimizer, "num_steps": num_steps, "key": key}
        found = train(init_mlp(widths, key=key), data.train, loss=loss, **options).params
        return accuracy(apply_mlp(held(found), data.test.x), data.test.labels)

    each_seed = jax.vmap(one, (None, 0))
    return jax.vmap(each_seed, (0, None))(jnp.array([1.0, 0.0]), keys)


rows = []
for task, (data, widths) in tasks.items():
    both = np.asarray(accuracies(data, widths))
    for use_bias, found in zip((True, False), both, strict=True):
        row = {"task": task, "bias": use_bias, "mean": float(found.mean())}
        rows.append(row | {"spread": float(found.std(ddof=1)), "all": found.tolist()})
        print(f"{task:7} biases {use_bias!s:5} {row['mean']:.1%} ± {rows[-1]['spread']:.1%}")
gains = np.subtract(rows[2]["all"], rows[3]["all"])  # digits, with minus without
gain, gain_spread = float(gains.mean()), float(gains.std(ddof=1))
print(f"digits, seed by seed: {gain:+.2%} ± {gain_spread:.2%}")
