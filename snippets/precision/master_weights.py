"""Train with weights in BF16 alone, or with a copy in FP32 to remember small steps."""

# %% run
import jax
import jax.numpy as jnp
import optax

from explainer.classification import Examples, accuracy, classification_loss
from explainer.digits import load_digits, split_examples
from explainer.formats import BFLOAT16, FLOAT32
from explainer.formats.conversion import round_to_format
from explainer.network import apply_mlp, init_mlp

digits, num_seeds, num_steps, batch = load_digits(), 5, 400, 100
sgd = optax.sgd(0.03)


def final(key, format, rounding="nearest", compute=jnp.float32):
    """Return loss and accuracy after training with weights rounded after each step."""

    def cast(tree, dtype):
        return jax.tree.map(lambda leaf: leaf.astype(dtype), tree)

    def rounded(params, key):
        return jax.tree.map(
            lambda leaf: round_to_format(leaf, format, rounding=rounding, key=key), params
        )

    def step(params, key):
        rows = jax.random.choice(key, len(learn.labels), (batch,))
        seen = Examples(learn.x[rows].astype(compute), learn.labels[rows])
        gradient = jax.grad(classification_loss)(cast(params, compute), seen, key)
        updates, _ = sgd.update(cast(gradient, jnp.float32), sgd.init(params))
        return rounded(optax.apply_updates(params, updates), key), None

    learn, test = split_examples(digits, num_train=900, key=key)
    start = rounded(init_mlp((64, 64, 10), key=key), key)
    params, _ = jax.lax.scan(step, start, jax.random.split(key, num_steps))
    return classification_loss(params, learn, key), accuracy(apply_mlp(params, test.x), test.labels)


_keys = jax.random.split(jax.random.key(0), num_seeds)
ways = {
    "single-weights": (FLOAT32,),
    "brain-weights": (BFLOAT16,),
    "stochastic-weights": (BFLOAT16, "stochastic"),
    "mixed-weights": (FLOAT32, "nearest", jnp.bfloat16),
}
rows = []
for name, way in ways.items():
    loss, right = jax.jit(jax.vmap(lambda key, way=way: final(key, *way)))(_keys)
    row = {"way": name, "loss": float(loss.mean()), "loss_spread": float(loss.std(ddof=1))}
    rows.append(row | {"accuracy": float(right.mean()), "spread": 100 * float(right.std(ddof=1))})
    print("{way:19}loss {loss:.3f} ± {loss_spread:.3f}, {accuracy:.1%}".format(**rows[-1]))
by_way = {row["way"]: row for row in rows}
