"""From a neuron to a network: a weight for each input, and one bias."""

# %% neuron
import jax
import jax.numpy as jnp

inputs = jnp.array([1.0, 2.0, 3.0])
weights, bias = jnp.array([0.5, -0.25, 0.125]), jnp.array(0.75)
output = jnp.dot(weights, inputs) + bias
neuron_parameters = weights.size + bias.size
print(f"output {float(output):.3f} from {neuron_parameters} parameters")

# %% layer
d_in, d_out = 3, 4  # four neurons that read the same three inputs
layer_weights, layer_biases = jnp.ones((d_out, d_in)), jnp.zeros(d_out)
outputs = layer_weights @ inputs + layer_biases  # [d_out]
layer_parameters = d_out * d_in + d_out
print(f"{layer_weights.shape} weights and {layer_biases.shape} biases")
print(f"are {layer_parameters} parameters, for {outputs.size} outputs")

# %% network
from explainer.network import init_mlp

network = init_mlp((100, 500, 10), key=jax.random.key(0))
layers = [{"layer": "input-layer", "units": 100, "weights": 0, "biases": 0}]
names = ("hidden-layer", "output-layer")
for name, layer in zip(names, network, strict=True):
    row = {"layer": name, "units": layer.bias.size}
    row |= {"weights": layer.weight.size, "biases": layer.bias.size}
    layers.append(row)
weights_total = sum(row["weights"] for row in layers)
biases_total = sum(row["biases"] for row in layers)
total = weights_total + biases_total
for row in layers:
    print("{layer:12} {units:3d}: {weights:5d} + {biases}".format(**row))
print(f"{weights_total:,} weights + {biases_total} biases = {total:,}")
