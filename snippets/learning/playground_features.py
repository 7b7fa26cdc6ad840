"""Squares as inputs: a circle without a single hidden neuron."""

# %% features
import numpy as np

rng = np.random.default_rng(0)
x = rng.uniform(-1, 1, size=(650, 2))
inside = (x**2).sum(1) < 0.5
parameters, accuracies = 3, {}
for name, features in (("plain", x), ("squared", x**2)):
    w, b = np.zeros(2), 0.0
    for _ in range(3000):  # logistic regression on the first 150 points
        error = 1 / (1 + np.exp(-(features[:150] @ w + b))) - inside[:150]
        w = w - 3.0 * features[:150].T @ error / 150
        b = b - 3.0 * error.mean()
    answer = features[150:] @ w + b > 0
    accuracies[name] = float((answer == inside[150:]).mean())
    print(f"{name:7}: {accuracies[name]:.1%} with {w[0]:.1f}, {w[1]:.1f}, {b:.1f}")
