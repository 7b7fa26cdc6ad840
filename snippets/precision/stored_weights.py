"""A trained model's weights, rounded to each format: what becomes of its accuracy?"""

# %% train
from functools import partial

import jax
import jax.numpy as jnp
import optax

from explainer.classification import accuracy, classification_loss
from explainer.digits import load_digits, split_examples
from explainer.formats import FORMATS
from explainer.formats.conversion import round_to_format
from explainer.network import apply_mlp, init_mlp
from explainer.training import train

digits, adam, num_seeds = load_digits(), optax.adam(2e-3), 5


def network(key):  # a trained network, and images that it never saw
    learn, test = split_examples(digits, num_train=900, key=key)
    run = {"optimizer": adam, "num_steps": 400, "batch_size": 100, "key": key}
    start = init_mlp((64, 64, 10), key=key)
    return train(start, learn, loss=classification_loss, **run).params, test


@jax.vmap
def score(params, test):  # the share of images recognised, seed by seed
    return accuracy(apply_mlp(params, test.x), test.labels)


_keys = jax.random.split(jax.random.key(0), num_seeds)
_params, _test = jax.jit(jax.vmap(network))(_keys)
_full = score(_params, _test)
num_test = _test.labels.shape[1]
print(f"FP32: {_full.mean():.2%} of {num_test} images, {num_seeds} seeds")


# %% round
@partial(jax.jit, static_argnames="format")
def rounded_score(params, test, format):  # after every weight and bias went through it
    return score(jax.tree.map(lambda leaf: round_to_format(leaf, format), params), test)


rows = []
for name, format in FORMATS.items():
    if name in ("float64", "float8_e8m0fnu", "uint8"):
        continue  # no rounding, no sign
    found = rounded_score(_params, _test, format)
    change = 100 * (found - _full)  # percentage points, paired by seed
    row = {"format": format.label, "accuracy": float(found.mean())}
    row |= {"change": float(change.mean()), "spread": float(change.std(ddof=1))}
    rows.append(row)
    print("{format:9}{accuracy:.2%}, {change:+.2f} ± {spread:.2f}".format(**row))
by_name = {row["format"]: row for row in rows}

# %% why
_all = jnp.concatenate([leaf.ravel() for leaf in jax.tree.leaves(_params)])
largest = float(jnp.abs(_all).max())
below_half = float((jnp.abs(_all) < 0.5).mean())  # what INT8 rounds to zero
print(f"largest weight {largest:.2f}; {below_half:.1%} are below a half")
