"""Biases alone make a language model: they learn how often each letter occurs."""

# %% text
import math
from collections import Counter

text = """
How doth the little crocodile improve his shining tail,
and pour the waters of the Nile on every golden scale
how cheerfully he seems to grin, how neatly spread his claws,
and welcome little fishes in with gently smiling jaws
"""
letters = [letter for letter in text.lower() if letter.isalpha()]
counts = Counter(letters)
symbols = sorted(counts)
share = [counts[s] / len(letters) for s in symbols]
print(f"{len(letters)} letters, {len(symbols)} different")

# %% learn
import jax
import jax.numpy as jnp

target = jnp.array(share)


def loss(bias):  # no input, no weights: a guess at the next letter from the bias alone
    return -(target * jax.nn.log_softmax(bias)).sum()


def step(bias, _):
    return bias - 4.0 * jax.grad(loss)(bias), loss(bias)


bias, losses = jax.lax.scan(step, jnp.zeros(len(symbols)), length=3000)
says = jax.nn.softmax(bias).tolist()
entropy = -sum(p * math.log(p) for p in share)
first, last = float(losses[0]), float(losses[-1])
worst = max(abs(p - q) for p, q in zip(share, says, strict=True))
print(f"loss {first:.4f} → {last:.4f}; entropy of the letters {entropy:.4f}")
print(f"share learned and share counted differ by at most {worst:.1e}")

# %% commonest
rows = []
for letter, count in counts.most_common(5):
    at = symbols.index(letter)
    row = {"letter": letter, "count": count, "share": share[at]}
    rows.append(row | {"bias": float(bias[at]), "says": says[at]})
    print(f"{letter}: {count:3} {share[at]:.4f}  bias {rows[-1]['bias']:+.3f}  says {says[at]:.4f}")
