"""Where training starts: the first numbers of GPT-2 and of PyTorch's Linear."""

# %% gpt
import jax
import numpy as np

from explainer.architectures import architecture
from explainer.network import init_mlp

gpt = architecture("gpt2")
biases, gains = gpt.kinds["biases"], gpt.kinds["gains"]
starts = {"weights": "N(0, 0.02²)", "biases": "0", "gains": "1"}
for kind, begin in starts.items():
    print(f"{gpt.kinds[kind]:11,} {kind} start at {begin}")
D, L = 768, 12
adding = L * (D * D + 4 * D * D)  # what attention and feed-forward write with
narrower = 0.02 / (2 * L) ** 0.5
print(f"{adding:11,} of the weights start narrower, at {narrower:.4f}")
key_gpt, key_linear = jax.random.split(jax.random.key(0))
(_square,) = init_mlp((768, 768), key=key_gpt, init="gpt2")
_drawn = np.asarray(_square.weight)
sigma, gpt_weights = 0.02, _drawn.size
mean, deviation = float(_drawn.mean()), float(_drawn.std())
print(f"{gpt_weights:,} drawn: mean {mean:.5f}, deviation {deviation:.5f}")

# %% linear
d_in, d_out = 100, 200
(_linear,) = jax.tree.map(np.asarray, init_mlp((d_in, d_out), key=key_linear, init="pytorch"))
bound, linear_weights = d_in**-0.5, d_in * d_out
weight_ends = float(_linear.weight.min()), float(_linear.weight.max())
bias_ends = float(_linear.bias.min()), float(_linear.bias.max())
print(f"bound 1/√{d_in} = {bound}")
print("weights from {:.4f} to {:.4f}".format(*weight_ends))
print("biases  from {:.4f} to {:.4f}".format(*bias_ends))

# %% histograms
edges = np.linspace(-0.12, 0.12, 49)
gpt_share = np.histogram(_drawn, edges)[0] / gpt_weights
linear_share = np.histogram(_linear.weight, edges)[0] / linear_weights
print(f"highest bars: {gpt_share.max():.1%} and {linear_share.max():.1%}")
