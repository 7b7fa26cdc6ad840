"""A student that sees no logit, only the text that its teacher wrote."""

# %% teacher
import jax
import jax.numpy as jnp
import numpy as np
import optax

from explainer.distillation import sample_text, sequence_loss
from explainer.training import train

V, length, num_seeds = 4, 4096, 5  # four letters
_key, text_key = jax.random.split(jax.random.key(0))
teacher = jax.random.normal(_key, (V, V))  # row: last letter, column: next


def write(key):
    """Return a text: each letter is drawn from what the teacher says after the last."""
    start = jnp.zeros(1, jnp.int32)
    return sample_text(lambda text, at: teacher[text[at - 1]], start, num_tokens=length, key=key)


_texts = jax.vmap(write)(jax.random.split(text_key, num_seeds))
print("".join("abcd"[token] for token in _texts[0, :60]))


# %% student
def distance_after(text, num_read):
    """Return how far a student is from the teacher, in nats a letter."""
    seen = (jnp.arange(length) < num_read)[None]

    def loss(logits, batch, key):
        return sequence_loss(logits[batch[:, :-1]], batch[:, 1:], seen)

    setting = {"optimizer": _adam, "num_steps": 300, "key": _key}
    student = train(jnp.zeros((V, V)), text[None], loss=loss, **setting).params
    log_q = jax.nn.log_softmax(student)
    return optax.losses.kl_divergence(log_q, jax.nn.softmax(teacher)).mean()


_adam = optax.adam(0.1)
sizes = (64, 256, 1024, 4096)
_all = jax.vmap(jax.vmap(distance_after, (None, 0)), (0, None))
distances = np.asarray(jax.jit(_all)(_texts, np.array(sizes)))  # [seed, size]
rows = []
for size, column in zip(sizes, distances.T, strict=True):
    row = {"tokens": size, "mean": float(column.mean())}
    rows.append(row | {"low": float(column.min()), "high": float(column.max())})
    print(f"{size:5,} letters read: {row['mean']:.4f} nats from the teacher")
