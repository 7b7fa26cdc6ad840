"""A matrix product in integers, rescaled once at the end."""

# %% operands
import jax.numpy as jnp

from explainer.quantization import integer_matmul, quantize

x = jnp.array([0.9, -0.4, 0.3])  # three inputs
W = jnp.array([[0.5, -1.0, 0.2], [0.1, 0.8, -0.6]])  # two outputs
qx = quantize(x, bits=8)
qW = quantize(W, bits=8)
print("x as codes:", *qx.codes().tolist())
print("W as codes:", *qW.codes().tolist())

# %% sums
x_codes, W_codes = qx.codes().tolist(), qW.codes().tolist()
sums = [sum(a * b for a, b in zip(x_codes, row, strict=True)) for row in W_codes]
print("sums of integers:", *sums)

# %% rescale
s_x = float(qx.scale[0])
s_W = [float(scale) for scale in qW.scale[:, 0]]
outputs = [s_x * s * total for s, total in zip(s_W, sums, strict=True)]
exact = (W @ x).tolist()
for o in range(2):
    print(f"output {o}: {sums[o]:6} · scales = {outputs[o]:.4f}, in floats {exact[o]:.4f}")

# %% library
same = jnp.allclose(integer_matmul(qx, qW), jnp.array(outputs)).item()
print("integer_matmul says the same:", same)

# %% room
from explainer.architectures import known_config

largest_product = 127 * 127
room = (2**31 - 1) // largest_product
widest = known_config("llama-3.1-405b")["intermediate_size"]  # inputs of its widest matrix
print(f"an INT32 has room for {room:,} of the largest products; a very wide layer adds {widest:,}")
