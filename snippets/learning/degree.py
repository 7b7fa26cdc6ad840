"""Polynomials of growing degree: training error falls, test error turns."""

# %% fit
import numpy as np
from numpy.polynomial import Legendre

rng = np.random.default_rng(0)
num_points, noise, draws = 15, 0.3, 200
x = np.linspace(-1, 1, num_points)
new_x = np.linspace(-1, 1, 201)


def truth(x):
    return np.sin(np.pi * x)  # what nobody tells the polynomial


def fit(degree, y):
    return Legendre.fit(x, y, degree)  # a sum of curves, degree + 1 numbers


# %% compare
samples = truth(x) + noise * rng.normal(size=(draws, num_points))
fresh = truth(new_x) + noise * rng.normal(size=(draws, new_x.size))
rows = []
for degree in range(num_points):
    fitted = [fit(degree, y) for y in samples]
    pairs = list(zip(fitted, samples, fresh, strict=True))
    train = [np.mean((curve(x) - y) ** 2) for curve, y, _ in pairs]
    test = [np.mean((curve(new_x) - new) ** 2) for curve, _, new in pairs]
    row = {"degree": degree, "parameters": degree + 1}
    row["train"], row["test"] = float(np.median(train)), float(np.median(test))
    row["low"], row["high"] = np.quantile(test, [0.25, 0.75]).tolist()
    rows.append(row)
    print("{degree:2d}: {train:8.2g} seen, {test:8.2g} new".format(**row))
best = min(rows, key=lambda row: row["test"])["degree"]

# %% curves
y = samples[0]
curves = {degree: fit(degree, y)(new_x) for degree in (1, best, num_points - 1)}
pliant = np.clip(curves[num_points - 1], -3, 3)  # as far as the plot goes
widget = {"degree": best, "points": np.stack([x, y]).T.tolist()}
