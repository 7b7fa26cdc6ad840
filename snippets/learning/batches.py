"""A batch is a number of examples: noise, accumulation, and memory."""

# %% noise
import jax
import numpy as np

rng, key = np.random.default_rng(0), jax.random.key(0)
x = rng.normal(size=(4096, 8)).astype(np.float32)
y = (x @ np.arange(8) + rng.normal(size=4096)).astype(np.float32)
w = np.zeros(8, np.float32)


def loss(w, batch, key):
    inputs, targets = batch
    return ((inputs @ w - targets) ** 2).mean()


gradient = jax.jit(jax.grad(loss))
full = np.asarray(gradient(w, (x, y), key))
of_each = jax.vmap(lambda x, y: gradient(w, (x[None], y[None]), key))  # one for each example
each = np.asarray(jax.jit(of_each)(x, y))
rows = []
for batch_size in (1, 4, 16, 64, 256):
    chosen = rng.integers(len(x), size=(500, batch_size))
    off = each[chosen].mean(1) - full  # the gradient of a batch is the mean of its examples'
    noise = np.sqrt((off**2).sum(1).mean()) / np.linalg.norm(full)
    rows.append({"batch_size": batch_size, "noise": float(noise)})
    print("batch of {batch_size:3d}: off by {noise:.1%}".format(**rows[-1]))

# %% accumulate
from explainer.gradients import average_gradients, value_and_gradient

batch = (x[:64], y[:64])
whole = np.asarray(gradient(w, batch, key))
in_chunks = jax.jit(value_and_gradient, static_argnums=0, static_argnames="num_chunks")
_, pieces = in_chunks(loss, w, batch, key=key, num_chunks=8)
size = float(np.linalg.norm(whole))
equal_error = float(np.linalg.norm(pieces - whole)) / size
print(f"eight chunks of eight: off by {equal_error:.1e}")

# %% unequal
ends = [(0, 8), (8, 64)]  # a chunk of 8 and one of 56
parts = [np.asarray(gradient(w, (x[i:j], y[i:j]), key)) for i, j in ends]
chunk_sizes = [j - i for i, j in ends]
naive_error = float(np.linalg.norm(average_gradients(parts, [1, 1]) - whole)) / size
right_error = float(np.linalg.norm(average_gradients(parts, chunk_sizes) - whole)) / size
print(f"plain mean: off by {naive_error:.1%}; by size: {right_error:.1e}")

# %% memory
from explainer.architectures import architecture

bytes_each = 4 + 4 + 4 + 4  # weight, gradient, and two numbers of Adam
states_bytes = {}
for name in ("gpt2", "llama-2-7b"):
    states_bytes[name] = bytes_each * architecture(name).total
    print(f"{name}: {states_bytes[name]:,} bytes before the first example")
