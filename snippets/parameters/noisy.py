"""Many noisy points, kept as two numbers: what is kept, and what is let go."""

# %% points
import jax

true_slope, true_intercept = 2.0, -1.0
key_x, key_noise = jax.random.split(jax.random.key(0))
x = jax.random.uniform(key_x, (200,), maxval=6.0)
noise = 1.5 * jax.random.normal(key_noise, x.shape)
y = true_slope * x + true_intercept + noise
numbers_in = x.size + y.size
print(f"{x.size} points, {numbers_in} numbers")

# %% fit
from explainer.line import fit_line

line = fit_line(x, y)
slope, intercept = float(line.slope), float(line.intercept)
numbers_out = len(jax.tree.leaves(line))
print(f"{numbers_out} numbers: a = {slope:.4f}, b = {intercept:.4f}")

# %% residual
residual = y - line(x)  # what the two numbers do not say
spread, spread_left = float(y.std()), float(residual.std())
explained = 1 - (spread_left / spread) ** 2
print(f"spread: {spread:.2f}, and {spread_left:.2f} around the line")
print(f"the line explains {explained:.1%} of the variance")
