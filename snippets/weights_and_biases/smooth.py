"""Step against sigmoid: one jumps, the other slides."""

# %% curves
import numpy as np


def step(z):
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z)))


z = np.linspace(-8, 8, 161)
hard, soft = step(z), sigmoid(z)
middle, far = float(sigmoid(0)), float(sigmoid(5))
print(f"σ(0) = {middle}, σ(5) = {far:.4f}")

# %% nudge
nudge = 1e-6
jump = float(step(nudge) - step(0))
slide = float(sigmoid(nudge) - sigmoid(0))
print(f"from z = 0 to z = {nudge}: the step moves by {jump:.0f}, the sigmoid by {slide:.2g}")
