"""A model that knows nothing about a person: one bias, and it learns how rare a disease is."""

# %% prevalence
import numpy as np

prevalences = [0.5, 0.1, 0.01, 0.001]
rows = []
for p in prevalences:
    b = float(np.log(p / (1 - p)))  # the logit: σ(b) = p
    rows.append({"prevalence": p, "bias": b, "back": float(1 / (1 + np.exp(-b)))})
    print(f"{p:6.1%} ill: b = {b:8.4f}, σ(b) = {rows[-1]['back']:.4f}")

# %% learn
people, ill = 10_000, 100
share = ill / people
learning_rate, num_steps = 4.0, 400


def loss(bias):
    says = 1 / (1 + np.exp(-bias))  # the same for everyone
    return float(-(share * np.log(says) + (1 - share) * np.log(1 - says)))


bias, path, losses = 0.0, [], []
for _ in range(num_steps + 1):
    path.append(bias)
    losses.append(loss(bias))
    gradient = 1 / (1 + np.exp(-bias)) - share  # what it says minus what is so
    bias = bias - learning_rate * gradient
learned, wanted = float(path[-1]), rows[2]["bias"]
print(f"after {num_steps} steps b = {learned:.4f}; the logit of {share:.0%} is {wanted:.4f}")

# %% preset
from_zero, preset, floor = losses[0], loss(wanted), losses[-1]
print(f"loss with b = 0: {from_zero:.4f}, with b = {wanted:.4f}: {preset:.4f}")

# %% useless
accuracy, found = 1 - share, 0  # it calls everyone healthy
print(f"right about {accuracy:.0%} of the people, ill people found: {found} of {ill}")
