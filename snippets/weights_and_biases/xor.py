"""XOR, yes when exactly one of two is: too much for one neuron, easy for three."""

# %% task
import numpy as np

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
wanted = x[:, 0] != x[:, 1]
print(f"{x.tolist()} should give {wanted.astype(int).tolist()}")

# %% one
grid = np.linspace(-4, 4, 41)
w1, w2, b = (axis[..., None] for axis in np.meshgrid(grid, grid, grid))
answers = w1 * x[:, 0] + w2 * x[:, 1] + b > 0  # [41, 41, 41, 4]
right = (answers == wanted).mean(-1)
tried, best, perfect = right.size, float(right.max()), int((right == 1).sum())
del w1, w2, b, answers, right
print(f"{tried:,} neurons tried, the best is right in {best:.0%}")

# %% two
either = x @ [1, 1] - 0.5 > 0  # at least one
both = x @ [1, 1] - 1.5 > 0
output = either * 1 - both * 1 - 0.5 > 0  # either, but not both
share_right = float((output == wanted).mean())
parameters = 3 * (2 + 1)
print(f"{output.astype(int).tolist()}: right in {share_right:.0%}")

# %% lines
edge = np.array([-0.25, 1.25])
either_edge, both_edge = 0.5 - edge, 1.5 - edge  # where each hidden neuron turns
