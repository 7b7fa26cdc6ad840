"""The KL divergence: by hand, in both directions, and called in the wrong way."""

# %% hand
import jax.numpy as jnp

teacher = jnp.array([0.7, 0.2, 0.1])
student = jnp.array([0.6, 0.1, 0.3])


def kl(p, q):
    """Return how far q is from p, in nats."""
    return float((p * jnp.log(p / q)).sum())


terms = [float(term) for term in teacher * jnp.log(teacher / student)]
distance, itself = kl(teacher, student), kl(teacher, teacher)
print("terms:", " ".join(f"{term:+.4f}" for term in terms))
print(f"KL = {distance:.4f}; of the teacher from itself: {itself:.4f}")

# %% direction
torn = jnp.array([0.495, 0.495, 0.01])  # a teacher between two answers
students = {"bold": jnp.array([0.98, 0.01, 0.01]), "even": jnp.ones(3) / 3}
rows = []
for name, q in students.items():
    rows.append({"student": name, "q": q.tolist(), "to": kl(torn, q), "from": kl(q, torn)})
    print(f"{name}: KL(p‖q) = {kl(torn, q):.3f}, KL(q‖p) = {kl(q, torn):.3f}")

# %% pitfall
import optax

right = float(optax.losses.kl_divergence(jnp.log(student), teacher))
wrong = float(optax.losses.kl_divergence(student, teacher))  # no log: nothing complains
perfect = float(optax.losses.kl_divergence(teacher, teacher))
certain = float(optax.losses.kl_divergence(jnp.array([1.0, 0.0, 0.0]), teacher))
print(f"with logarithms {right:.4f}, without {wrong:.4f}")
print(f"without, the perfect student gets {perfect:.4f}, one who never doubts {certain:.4f}")
