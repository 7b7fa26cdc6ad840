"""Two numbers hold a whole line: y = ax + b through (1, 1) and (2, 3)."""

# %% points
import jax
import jax.numpy as jnp

x, y = jnp.array([1.0, 2.0]), jnp.array([1.0, 3.0])
print(f"x = {x}, y = {y}")

# %% solve
equations = jnp.array([x, jnp.ones(2)]).T  # a row a point: a·x + b·1
slope, intercept = jnp.linalg.solve(equations, y).tolist()
print(f"solved: a = {slope:.6f}, b = {intercept:.6f}")

# %% descend
learning_rate = 0.2


def loss(parameters):
    a, b = parameters
    return jnp.mean((a * x + b - y) ** 2)


def step(parameters, _):
    error, gradient = jax.value_and_grad(loss)(parameters)
    stop = jnp.array([*parameters, error])
    return parameters - learning_rate * gradient, stop


_, path = jax.lax.scan(step, jnp.zeros(2), length=1001)  # a, b, loss
stops = [(at, *path[at].tolist()) for at in (0, 1, 10, 100, 1000)]
for at, a, b, error in stops:
    print(f"step {at:4d}: a = {a:.6f}, b = {b:9.6f}, loss = {error:.2g}")

# %% use
question, guess = 5.0, 0.5  # the guess stands for both a and b
answer = slope * question + intercept
other_answer = guess * question + guess
print(f"at x = {question:.0f}: {answer:.2f}")
print(f"at x = {question:.0f}, with a = b = {guess}: {other_answer:.2f}")
