"""Forward, loss, backward, update: one step of learning, and then many, on real digits."""

# %% data
import jax
import jax.numpy as jnp

from explainer.digits import load_digits, split_examples

digits = split_examples(load_digits(), num_train=600, key=jax.random.key(0))
images, labels = digits.train  # [600, 64] grey values, [600] digits
print(f"{len(labels)} pictures of {images.shape[1]} grey values; the first shows a {labels[0]}")

# %% forward
from explainer.network import apply_mlp, init_mlp

params = init_mlp((64, 32, 10), key=jax.random.key(1))
logits = apply_mlp(params, images)  # [600, 10]: a score for each digit
probabilities = jax.nn.softmax(logits)
right_digit = float(probabilities[0, labels[0]])
print(f"first picture: {right_digit:.3f} for the right digit")


# %% loss
@jax.jit  # compiled as one program
def loss(params):
    logs = jax.nn.log_softmax(apply_mlp(params, images))
    return -logs[jnp.arange(len(labels)), labels].mean()


first_loss = float(loss(params))
print(f"loss {first_loss:.4f}")

# %% backward
gradient = jax.grad(loss)(params)  # a number for each parameter
num_parameters = sum(leaf.size for leaf in jax.tree.leaves(params))
num_slopes = sum(leaf.size for leaf in jax.tree.leaves(gradient))
print(f"{num_parameters:,} parameters, {num_slopes:,} slopes")

# %% update
learning_rate = 0.5
updated = jax.tree.map(lambda p, g: p - learning_rate * g, params, gradient)
second_loss = float(loss(updated))
print(f"loss {first_loss:.4f} → {second_loss:.4f}")

# %% repeat
num_steps = 300


def step(params, _):
    value, gradient = jax.value_and_grad(loss)(params)
    return jax.tree.map(lambda p, g: p - learning_rate * g, params, gradient), value


learned, losses = jax.lax.scan(step, params, length=num_steps)
before = float((logits.argmax(1) == labels).mean())
answers = jax.jit(apply_mlp)(learned, digits.test.x).argmax(1)
unseen = float((answers == digits.test.labels).mean())
print(f"after {num_steps} steps: loss {losses[-1]:.4f}, {unseen:.1%} of unseen pictures right")
