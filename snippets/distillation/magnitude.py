"""Cutting the smallest weights out of five trained networks, until they notice."""

# %% train
import jax
import jax.numpy as jnp
import numpy as np
import optax

from explainer.classification import accuracy, classification_loss
from explainer.digits import load_digits, split_examples
from explainer.digits_distillation import TEACHER_WIDTHS
from explainer.network import apply_mlp, init_mlp
from explainer.pruning import apply_masks, magnitude_masks, n_m_mask
from explainer.training import train

digits, adam, num_seeds = load_digits(), optax.adam(2e-3), 5


def network(key):
    """Return a trained network and the images that it never saw."""
    learn, test = split_examples(digits, num_train=900, key=key)
    run = {"optimizer": adam, "num_steps": 400, "batch_size": 100, "key": key}
    params = init_mlp(TEACHER_WIDTHS, key=key)
    return train(params, learn, loss=classification_loss, **run).params, test


_params, _test = jax.jit(jax.vmap(network))(jax.random.split(jax.random.key(2), num_seeds))
num_weights = sum(layer.weight[0].size for layer in _params)
print(f"{num_seeds} networks of {num_weights:,} weights each")

# %% cut
rng = np.random.default_rng(3)
_noise = jax.tree.map(lambda leaf: rng.normal(size=leaf.shape).astype(np.float32), _params)
n, m = 2, 4  # of every four neighbours two stay


def two_of_four(leaf):
    """Return a mask that keeps the two largest of every four neighbours; biases stay."""
    return n_m_mask(jnp.abs(leaf), n=n, m=m) if leaf.ndim == 2 else jnp.ones(leaf.shape, bool)


def at(sparsity, params, noise, test):
    """Return the accuracy at one sparsity, by four ways of choosing."""
    masks = {scope: magnitude_masks(params, sparsity, scope=scope) for scope in ("layer", "global")}
    masks["random"] = magnitude_masks(noise, sparsity)
    masks["pattern"] = jax.tree.map(two_of_four, params)
    networks = {way: apply_masks(params, mask) for way, mask in masks.items()}
    return {way: accuracy(apply_mlp(net, test.x), test.labels) for way, net in networks.items()}


sparsities = [0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]
_all = jax.vmap(jax.vmap(at, (None, 0, 0, 0)), (0, None, None, None))  # [sparsity, seed]
kept = jax.tree.map(np.asarray, jax.jit(_all)(np.array(sparsities), _params, _noise, _test))
curves = {way: {"mean": v.mean(1), "low": v.min(1), "high": v.max(1)} for way, v in kept.items()}
rows = []
for i, sparsity in enumerate(sparsities):
    rows.append({"sparsity": sparsity} | {way: float(v[i].mean()) for way, v in kept.items()})
    print("{sparsity:4.0%} gone: {layer:.1%}, {global:.1%}, {random:.1%}".format(**rows[i]))

# %% pattern
pattern = float(kept["pattern"].mean())  # it removes half, whatever the sparsity
half = rows[sparsities.index(0.5)]
print(f"half gone: {n}:{m} {pattern:.1%}, free choice {half['layer']:.1%}")
