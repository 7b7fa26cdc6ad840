"""Count one network on paper, in memory and in its file: three times the same."""

# %% paper
from itertools import pairwise

widths = (100, 500, 10)  # inputs, hidden neurons, outputs
closed_form = sum(d_out * d_in + d_out for d_in, d_out in pairwise(widths))
print(f"on paper:   {closed_form:,}")

# %% memory
import jax

from explainer.network import init_mlp
from explainer.parameters import count_parameters

network = init_mlp(widths, key=jax.random.key(0))
in_memory = count_parameters(network)
print(f"in memory:  {in_memory:,}")

# %% tree
import jax.numpy as jnp

gain, places = jnp.ones(3), jnp.zeros((2, 5))
tree = {"network": network, "more": [gain, {"places": places}]}
leaves = jax.tree.leaves(tree)
in_tree = sum(leaf.size for leaf in leaves)
assert count_parameters(tree) == in_tree
print(f"{len(leaves)} arrays, nested as they like: {in_tree:,} parameters")

# %% file
import tempfile
from pathlib import Path

from safetensors import safe_open
from safetensors.flax import save_file

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "network.safetensors"
    (W1, b1), (W2, b2) = network
    save_file({"W1": W1, "b1": b1, "W2": W2, "b2": b2}, path)
    content, file_bytes = path.read_bytes(), path.stat().st_size
    with safe_open(path, framework="numpy") as file:
        sizes_bytes = [file.get_tensor(key).nbytes for key in file.keys()]
header_bytes = 8 + int.from_bytes(content[:8], "little")  # names, shapes
in_file = sum(sizes_bytes) // 4  # float32: four bytes a parameter
print(f"in file:    {in_file:,}, and {header_bytes} bytes of header")

# %% agree
assert closed_form == in_memory == in_file
assert file_bytes == header_bytes + sum(sizes_bytes)
