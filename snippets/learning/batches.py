"""A batch is a number of examples: noise, accumulation, and memory."""

# %% noise
from functools import partial

import jax
import jax.numpy as jnp

from explainer.gradients import average_gradients, value_and_gradient

key_x, key_noise, key_pick = jax.random.split(jax.random.key(0), 3)
x = jax.random.normal(key_x, (4096, 8))
y = x @ jnp.arange(8.0) + jax.random.normal(key_noise, (4096,))
w = jnp.zeros(8)


def loss(w, batch, key):
    inputs, targets = batch
    return ((inputs @ w - targets) ** 2).mean()


@partial(jax.jit, static_argnames="batch_size")
def noise(batch_size):
    """Return how far 500 batches are off the full gradient, as a share of its length."""
    chosen = jax.random.randint(key_pick, (500, batch_size), 0, len(x))
    full = jax.grad(loss)(w, (x, y), key_x)
    gradients = jax.vmap(lambda i: jax.grad(loss)(w, (x[i], y[i]), key_x))(chosen)
    return jnp.sqrt(((gradients - full) ** 2).sum(1).mean()) / jnp.linalg.norm(full)


rows = []
for batch_size in (1, 4, 16, 64, 256):
    rows.append({"batch_size": batch_size, "noise": float(noise(batch_size))})
    print("batch of {batch_size:3d}: off by {noise:.1%}".format(**rows[-1]))

# %% accumulate
batch = (x[:64], y[:64])
_, whole = value_and_gradient(loss, w, batch, key=key_x)
_, pieces = value_and_gradient(loss, w, batch, key=key_x, num_chunks=8)
size = float(jnp.linalg.norm(whole))
equal_error = float(jnp.linalg.norm(pieces - whole)) / size
print(f"eight chunks of eight: off by {equal_error:.1e}")

# %% unequal
ends = [(0, 8), (8, 64)]  # a chunk of 8 and one of 56
parts = [jax.grad(loss)(w, (x[i:j], y[i:j]), key_x) for i, j in ends]
chunk_sizes = [j - i for i, j in ends]
naive_error = float(jnp.linalg.norm(average_gradients(parts, [1, 1]) - whole)) / size
right_error = float(jnp.linalg.norm(average_gradients(parts, chunk_sizes) - whole)) / size
print(f"plain mean: off by {naive_error:.1%}; by size: {right_error:.1e}")

# %% memory
from explainer.architectures import architecture

bytes_each = 4 + 4 + 4 + 4  # weight, gradient, and two numbers of Adam
states_bytes = {}
for name in ("gpt2", "llama-2-7b"):
    states_bytes[name] = bytes_each * architecture(name).total
    print(f"{name}: {states_bytes[name]:,} bytes before the first example")
