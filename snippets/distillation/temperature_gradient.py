"""Why the loss of soft labels carries a T squared: two divisions by T, taken back."""

# %% logits
import jax
import jax.numpy as jnp

batch, classes = 64, 10
key_teacher, key_student = jax.random.split(jax.random.key(0))
teacher = 2 * jax.random.normal(key_teacher, (batch, classes))
student = 2 * jax.random.normal(key_student, (batch, classes))


# %% divergence
def divergence(student, teacher, T):
    """Return the KL divergence at temperature T, the mean over the batch."""
    p = jax.nn.softmax(teacher / T)
    log_q = jax.nn.log_softmax(student / T)
    return (p * (jnp.log(p) - log_q)).sum(-1).mean()


# %% measure
gradient_of = jax.jit(jax.grad(divergence))
rows = []
z, target = (logits - logits.mean(1, keepdims=True) for logits in (student, teacher))
limit = (z - target) / (classes * batch)  # what is left at a very high T
for T in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0):
    gradient = gradient_of(student, teacher, T)
    size = float(jnp.linalg.norm(gradient))
    off = jnp.linalg.norm(T**2 * gradient - limit) / jnp.linalg.norm(limit)
    row = {"temperature": T, "plain": size, "scaled": T**2 * size, "off": float(off)}
    rows.append(row)
    print(f"T = {T:2.0f}: {size:.6f}, times T²: {T**2 * size:.4f}, limit: {off:.1%} away")

# %% exact
T = 4.0
difference = jax.nn.softmax(student / T) - jax.nn.softmax(teacher / T)
gap = jnp.abs(gradient_of(student, teacher, T) - difference / (T * batch)).max()
largest_gap = float(gap)
print(f"jax.grad against (q - p) / T: {largest_gap:.1e}")
