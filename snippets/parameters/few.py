"""Six noisy points, few enough to take hold of, and the line through their middle."""

# %% widget
import numpy as np

from explainer.line import fit_line, mean_squared_error

x = np.array([0.5, 1.5, 2.5, 3.5, 4.5, 5.5])
noise = np.random.default_rng(4).normal(scale=1.5, size=x.size)
y = (2 * x - 1 + noise).round(1)
line = fit_line(x, y)
slope, intercept = float(line.slope), float(line.intercept)
loss = float(mean_squared_error(line(x), y))
rows = [
    {"point": n, "input": float(one), "output": float(seen), "residual": float(seen - line(one))}
    for n, (one, seen) in enumerate(zip(x, y, strict=True), start=1)
]
for row in rows:
    print(
        "{point}: x = {input:.1f}, y = {output:4.1f}, off the line by {residual:+.2f}".format(**row)
    )
print(f"a = {slope:.2f}, b = {intercept:.2f}, loss = {loss:.2f}")
