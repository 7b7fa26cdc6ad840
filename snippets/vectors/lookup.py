"""Looking up: the one best match, or a mixture of all."""

# %% hard
import jax
import jax.numpy as jnp

keys = jnp.array([0.0, 1.0, 2.0, 3.0])  # how sweet, from dry to sweet
values = jnp.array([9.0, 6.0, 7.0, 3.0])  # what each bottle costs


def hard(query: jax.Array) -> jax.Array:
    """Take the value of the nearest key."""
    return values[jnp.argmin((keys - query) ** 2)]


# %% soft
def soft(query: jax.Array, sharpness: float = 4.0) -> jax.Array:
    """Mix all values, those of near keys most."""
    return jax.nn.softmax(-sharpness * (keys - query) ** 2) @ values


asked = 1.4
answers = {"hard": float(hard(asked)), "soft": float(soft(asked))}
print(answers)

# %% slopes
slopes = {"hard": float(jax.grad(hard)(asked)), "soft": float(jax.grad(soft)(asked))}
print("if the query moves a little:", slopes)

# %% curves
queries = jnp.linspace(-0.5, 3.5, 81)
hard_curve, soft_curve = jax.vmap(hard)(queries), jax.vmap(soft)(queries)
sharp = float(soft(asked, 100.0))
print(f"very sharp: {sharp:.3f}")
