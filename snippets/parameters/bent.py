"""A line cannot bend: points on a parabola need a third number."""

# %% bend
import jax.numpy as jnp

x = jnp.linspace(-2.0, 2.0, 9)
y = x**2


def largest_error(powers):
    terms = jnp.stack([x**power for power in powers], axis=1)
    parameters, *_ = jnp.linalg.lstsq(terms, y)
    return float(jnp.abs(terms @ parameters - y).max())


line_error = largest_error([0, 1])  # b·1 + a·x
parabola_error = largest_error([0, 1, 2])  # and c·x²
print(f"two parameters are off by up to {line_error:.6f}")
print(f"three parameters are off by up to {parabola_error:.6f}")
