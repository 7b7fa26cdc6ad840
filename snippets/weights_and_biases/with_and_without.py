"""The same network with and without biases, on two tasks, several seeds each."""

# %% tasks
import jax
import jax.numpy as jnp

from explainer.classification import Examples
from explainer.digits import Split, load_digits, split_examples


def disc(key, n=1000):
    """Points of a square; 1 inside a disc around the middle, 0 outside."""
    x = jax.random.uniform(key, (n, 2), minval=-1, maxval=1)
    return Examples(x, ((x**2).sum(-1) < 2 / jnp.pi).astype(int))  # half of the area


keys = jax.random.split(jax.random.key(0), 2)
disc_data = Split(disc(keys[0]), disc(keys[1]))
digits_data = split_examples(load_digits(), num_train=600, key=keys[0])
tasks = {"disc": (disc_data, (2, 16, 16, 2)), "digits": (digits_data, (64, 32, 10))}

# %% train
from functools import partial

import optax

from explainer.classification import accuracy, classification_loss
from explainer.network import apply_mlp, init_mlp
from explainer.training import train

num_seeds, num_steps, optimizer = 8, 250, optax.adam(0.01)


@partial(jax.jit, static_argnames=("widths", "use_bias"))
def accuracies(data, widths, use_bias):
    """Train one network a seed, all at once; return what each gets right on unseen examples."""

    def one(key):
        start = init_mlp(widths, key=key, use_bias=use_bias)
        options = {"optimizer": optimizer, "num_steps": num_steps, "key": key}
        found = train(start, data.train, loss=classification_loss, **options).params
        return accuracy(apply_mlp(found, data.test.x), data.test.labels)

    return jax.vmap(one)(jax.random.split(jax.random.key(0), num_seeds))


rows = []
for task, (data, widths) in tasks.items():
    for use_bias in (True, False):
        found = accuracies(data, widths, use_bias)
        row = {"task": task, "bias": use_bias, "mean": float(found.mean())}
        rows.append(row | {"spread": float(found.std(ddof=1)), "all": found.tolist()})
        print(f"{task:7} biases {use_bias!s:5} {row['mean']:.1%} ± {rows[-1]['spread']:.1%}")
gains = jnp.array(rows[2]["all"]) - jnp.array(rows[3]["all"])  # digits, with minus without
gain, gain_spread = float(gains.mean()), float(gains.std(ddof=1))
print(f"digits, seed by seed: {gain:+.2%} ± {gain_spread:.2%}")

# %% rays
blind = init_mlp((2, 16, 16, 2), key=jax.random.key(1), use_bias=False)
point = jnp.array([0.3, 0.4])
near, far = apply_mlp(blind, point), apply_mlp(blind, 2 * point)
proportional = bool(jnp.allclose(far, 2 * near, rtol=1e-5))
print(f"twice the input gives twice the output: {proportional}")
