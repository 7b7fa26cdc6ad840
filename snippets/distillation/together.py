"""Each of these hidden units can go. All of them together cannot."""

# %% train
import jax
import jax.numpy as jnp
import optax

from explainer.classification import classification_loss
from explainer.digits import load_digits, split_examples
from explainer.network import init_mlp
from explainer.pruning import removal_effects
from explainer.training import train

digits, adam, num_units, num_seeds = load_digits(), optax.adam(5e-3), 64, 5


def network(key):
    """Return a trained network and the images that it learned from."""
    learn, _ = split_examples(digits, num_train=900, key=key)
    run = {"optimizer": adam, "num_steps": 400, "batch_size": 100, "key": key}
    start = init_mlp((64, num_units, 10), key=key)
    return train(start, learn, loss=classification_loss, **run).params, learn


# %% remove
def effects(key):
    """Return what the unimportant half of the units is worth, one by one and together."""
    params, learn = network(key)

    def loss(params):
        return classification_loss(params, learn, key)

    def groups(units):  # a unit is gone when nothing reads its output any more
        none = jax.tree.map(lambda leaf: jnp.zeros((len(units), *leaf.shape), bool), params)
        reads = jnp.broadcast_to(
            jnp.eye(num_units, dtype=bool)[units][:, None], none[1].weight.shape
        )
        return (none[0], none[1]._replace(weight=reads))

    everyone = removal_effects(loss, params, groups(jnp.arange(num_units))).each
    least = everyone.argsort()[: num_units // 2]
    found = removal_effects(loss, params, groups(least))
    return loss(params), found.each.max(), found.each.sum(), found.together


_keys = jax.random.split(jax.random.key(4), num_seeds)
before, largest, summed, together = (v.tolist() for v in jax.jit(jax.vmap(effects))(_keys))
rows = []
for seed in range(num_seeds):
    row = {"seed": seed + 1, "before": before[seed], "largest": largest[seed]}
    row |= {"summed": summed[seed], "together": together[seed]}
    rows.append(row | {"times": together[seed] / summed[seed]})
    print(f"summed {summed[seed]:.4f}, together {together[seed]:.4f}")
