"""Dropout and weight decay: what each of them does to the numbers."""

# %% dropout
import jax
import jax.numpy as jnp

from explainer.network import apply_layer, dropout, init_mlp
from explainer.parameters import count_parameters

key_layer, key_x, key_drop = jax.random.split(jax.random.key(0), 3)
(layer,) = init_mlp((100, 200), key=key_layer, init="pytorch")
layer_parameters, rate = count_parameters(layer), 0.5
_sums = apply_layer(layer, jax.random.normal(key_x, (2000, 100)))
_dropped = dropout(_sums, rate, key=key_drop)
zeros = {"dropout": float((_dropped == 0).mean())}
zeros["relu"] = float((jax.nn.relu(_sums) == 0).mean())  # in use: no dropout
zeros["both"] = float((jax.nn.relu(_dropped) == 0).mean())
_other = dropout(jax.nn.relu(_sums), rate, key=key_drop)
same_order = bool((_other == jax.nn.relu(_dropped)).all())
kept_mean = float(dropout(jnp.ones_like(_sums), rate, key=key_drop).mean())
print({name: round(share, 4) for name, share in zeros.items()})
print(f"either order the same: {same_order}; mean of ones {kept_mean:.4f}")

# %% decay
import optax

learning_rate, decay, num_steps = 1e-3, 0.1, 1000
optimizer = optax.adamw(learning_rate, weight_decay=decay)
weights = jnp.array([2.0, -1.0, 0.25])


def step(state, _):
    w, memory = state
    updates, memory = optimizer.update(jnp.zeros_like(w), memory, w)
    return (optax.apply_updates(w, updates), memory), w


begin = (weights, optimizer.init(weights))
(last, _), path = jax.lax.scan(step, begin, length=num_steps)
shrunk = float(last[0] / weights[0])
closed_form = (1 - learning_rate * decay) ** num_steps
print(f"{weights} becomes {last}: times {shrunk:.4f}, formula {closed_form:.4f}")
