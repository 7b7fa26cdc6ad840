"""All inputs zero: the bias is what is left, and without one nothing breaks either."""

# %% shift
import jax
import jax.numpy as jnp

x = jnp.linspace(-6, 6, 121)
biases = (-2.0, 0.0, 2.0)
curves = [jax.nn.sigmoid(x + b) for b in biases]
at_zero = [float(jax.nn.sigmoid(b)) for b in biases]
for b, value in zip(biases, at_zero, strict=True):
    print(f"b = {b:4.1f}: at x = 0 the neuron says {value:.4f}")

# %% network
from explainer.network import apply_mlp, init_mlp

vocabulary = 50
network = init_mlp((16, 32, vocabulary), key=jax.random.key(0), use_bias=False)
logits = apply_mlp(network, jnp.zeros(16))
probabilities = jax.nn.softmax(logits)
all_zero = bool((logits == 0).all())
low, high = float(probabilities.min()), float(probabilities.max())
print(f"{len(jax.tree.leaves(network))} weight matrices, no bias")
print(f"logits all zero: {all_zero}, probabilities from {low} to {high}")
