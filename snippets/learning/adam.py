"""Adam's first step has the length of the learning rate, whatever the gradient's size."""

# %% first
import jax.numpy as jnp
import optax

learning_rate = 0.001
rows = []
for gradient in (1e-3, 1.0, 1e3, -1.0):
    row = {"gradient": gradient}
    for name, optimizer in (
        ("sgd", optax.sgd(learning_rate)),
        ("adam", optax.adam(learning_rate)),
    ):
        w, g = jnp.array(0.0), jnp.array(gradient)
        change, _ = optimizer.update(g, optimizer.init(w), w)
        row[name] = float(change)
    rows.append(row)
    print("gradient {gradient:8.3f}: SGD {sgd:+.9f}, Adam {adam:+.9f}".format(**row))

# %% why
g, beta1, beta2, tiny = 1e-3, 0.9, 0.999, 1e-8
mean = (1 - beta1) * g / (1 - beta1)  # running mean, corrected for its start at zero
square = (1 - beta2) * g**2 / (1 - beta2)  # running mean of squares, likewise
by_hand = -learning_rate * mean / (square**0.5 + tiny)  # g / |g|: only the sign is left
print(f"by hand {by_hand:+.9f}")
