"""Two weights of which either may go, but not both."""

# %% neuron
import jax.numpy as jnp

from explainer.pruning import removal_effects

x = jnp.array([0.0, 1.0])  # one input, read through two weights
weights = jnp.array([1.0, 1.0])
threshold = 0.5


def wrong(weights):
    """Return the share of inputs on which the neuron does not say what x is."""
    answers = weights.sum() * x > threshold
    return (answers != (x == 1)).mean()


# %% remove
each_alone = jnp.array([[True, False], [False, True]])
found = removal_effects(wrong, weights, each_alone)
alone, together = found.each.tolist(), float(found.together)
print(f"more mistakes without the first: {alone[0]:.0%}, the second: {alone[1]:.0%}")
print(f"without both: {together:.0%}")
