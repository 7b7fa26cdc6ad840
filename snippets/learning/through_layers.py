"""Thirty layers: what is left of a signal when the weights start too small, or too large."""

# %% signal
import jax
import jax.numpy as jnp
import numpy as np

from explainer.network import init_mlp

width, depth, key = 256, 30, jax.random.key(0)
x = jax.random.normal(key, (64, width))
matrices = init_mlp([width] * (depth + 1), key=key)  # N(0, 1/256)
_weights = np.stack([layer.weight for layer in matrices])


@jax.jit
def sizes_of(factor):
    def through(h, weight):
        h = jax.nn.relu(h @ (factor * weight).T)
        return h, jnp.sqrt((h**2).mean())

    return jax.lax.scan(through, x, _weights)[1]


factors = {"small": 0.5, "kept": 2**0.5, "large": 3.0}
signal = {name: sizes_of(factor) for name, factor in factors.items()}
for name, sizes in signal.items():
    print(f"{factors[name]:.2f}/√{width}: after {depth} layers {sizes[-1]:.2g}")
