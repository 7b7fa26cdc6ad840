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
import optax

from explainer.classification import accuracy, classification_loss
from explainer.network import Layer, apply_mlp, init_mlp
from explainer.training import train

num_seeds, num_steps, optimizer = 8, 250, optax.adam(0.01)
keys = jax.random.split(key, num_seeds)


@jax.jit
def accuracies(data, starts):
    """Train one network a seed, all at once; return what each gets right on unseen examples."""

    def one(start, key):
        options = {"optimizer": optimizer, "num_steps": num_steps, "key": key}
        found = train(start, data.train, loss=classification_loss, **options).params
        return accuracy(apply_mlp(found, data.test.x), data.test.labels)

    return jax.vmap(one)(starts, keys)


rows = []
for task, (data, widths) in tasks.items():
    starts = jax.jit(jax.vmap(lambda key, widths=widths: init_mlp(widths, key=key)))(keys)
    bare = tuple(Layer(weight, None) for weight, _ in starts)  # the same weights
    for use_bias, begin in ((True, starts), (False, bare)):
        found = np.asarray(accuracies(data, begin))
        row = {"task": task, "bias": use_bias, "mean": float(found.mean())}
        rows.append(row | {"spread": float(found.std(ddof=1)), "all": found.tolist()})
        print(f"{task:7} biases {use_bias!s:5} {row['mean']:.1%} ± {rows[-1]['spread']:.1%}")
gains = np.subtract(rows[2]["all"], rows[3]["all"])  # digits, with minus without
gain, gain_spread = float(gains.mean()), float(gains.std(ddof=1))
print(f"digits, seed by seed: {gain:+.2%} ± {gain_spread:.2%}")
