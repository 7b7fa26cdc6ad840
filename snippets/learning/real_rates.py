"""Too small, right, too large, diverging: the same four on real digits."""

# %% rates
import jax
import numpy as np

from explainer.classification import accuracy, classification_loss
from explainer.digits import load_digits, split_examples
from explainer.network import apply_mlp, init_mlp

digits = split_examples(load_digits(), num_train=400, key=jax.random.key(0))
rates, num_steps, num_seeds = [0.001, 0.5, 4.0, 100.0], 100, 5


def train(rate, key):
    def step(params, _):
        loss, gradient = jax.value_and_grad(classification_loss)(params, digits.train, key)
        return jax.tree.map(lambda p, g: p - rate * g, params, gradient), loss

    start = init_mlp((64, 32, 10), key=key)
    params, losses = jax.lax.scan(step, start, length=num_steps)
    return losses, accuracy(apply_mlp(params, digits.test.x), digits.test.labels)


seeds = jax.random.split(jax.random.key(1), num_seeds)
each_rate = jax.vmap(jax.vmap(train, in_axes=(None, 0)), in_axes=(0, None))
every = jax.jit(each_rate)(np.array(rates), seeds)
losses, right = map(np.asarray, every)  # [rates, seeds, steps], [rates, seeds]
rows = []
for rate, curve, share in zip(rates, losses, right, strict=True):
    row = {"rate": rate, "first": float(curve[:, 0].mean()), "last": float(curve[:, -1].mean())}
    row |= {"highest": float(curve.max()), "right": float(share.mean())}
    rows.append(row | {"spread": float(share.std(ddof=1))})
    print("rate {rate:7.3f}: loss {first:.2f} → {last:.3g}, {right:.1%} right".format(**row))

# %% library
import optax

optimizer = optax.sgd(rates[1])


def library_step(state, _):
    params, memory = state
    loss, gradient = jax.value_and_grad(classification_loss)(params, digits.train, seeds[0])
    updates, memory = optimizer.update(gradient, memory, params)
    return (optax.apply_updates(params, updates), memory), loss


begin = init_mlp((64, 32, 10), key=seeds[0])  # where the first seed began
_, ready_made = jax.lax.scan(library_step, (begin, optimizer.init(begin)), length=num_steps)
largest_difference = float(np.abs(ready_made - losses[1, 0]).max())
print(f"{num_steps} losses by hand and by optax differ by at most {largest_difference:.1g}")
